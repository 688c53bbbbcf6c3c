package io.art2mus.train;

import io.art2mus.backend.Backend;
import io.art2mus.backend.PlanMemory;
import io.art2mus.data.BackgroundLoader;
import io.art2mus.data.TrainingData;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Shape;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TUNetConfig;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Part;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A training from its first update, or the one after a checkpoint, to its last: what an update is made of comes from the {@link
 * ProjectionTrainer}, this decides when what happens. Belongs to the thread of its backend.
 */
public final class TrainingRun implements AutoCloseable {
    private static final int SLOTS = 2;

    private final HandleScope scope;
    private final TrainingData data;
    private final TrainingSettings settings;
    private final Course course;
    private final TrainingState state;
    private final ProjectionTrainer trainer;
    private final MicroBatches microBatches;
    private final @Nullable Evaluation evaluation;
    private final List<Update> slots;

    /** Room for the micro-batches of one update. */
    private record Update(List<MicroBatch> microBatches) {}

    /**
     * When what is done beside updates.
     *
     * @param folder of the training
     * @param validateEvery updates between two evaluations, besides those at the beginning and the end; 0 for these alone
     * @param saveEvery updates between two checkpoints, besides the one at the end; 0 for that alone
     * @param keep how many checkpoints are kept
     * @param record what the training must be given again when it goes on
     */
    public record Course(Path folder, long validateEvery, long saveEvery, int keep, Map<String, String> record) {
        /** Where the checkpoints of a training lie. */
        public static TrainingCheckpoints checkpoints(Path folder) {
            return new TrainingCheckpoints(folder.resolve("checkpoints"));
        }
    }

    /**
     * Opens the networks and compiles the micro-step.
     *
     * @param texts of {@link io.art2mus.pipeline.ArtworkTexts}
     * @param state is trained; stays its owner's, as {@code data} does
     * @param cache keeps what weights were repacked to; null keeps nothing
     */
    public TrainingRun(
            Backend backend,
            Checkpoint checkpoint,
            TrainingData data,
            Conditioning texts,
            TrainingSettings settings,
            Course course,
            TrainingState state,
            @Nullable UserCache cache) {
        this.data = data;
        this.settings = settings;
        this.course = course;
        this.state = state;
        NoiseLoss loss = new NoiseLoss(NoiseSchedule.from(checkpoint.scheduler()), settings.snrGamma());
        Shape latents = data.latentShape();
        try (HandleScope opening = new HandleScope()) {
            Part unet = opening.own(Part.open(checkpoint, "unet", cache));
            Part gpt2 = opening.own(Part.open(checkpoint, "language_model", cache));
            trainer = opening.own(new ProjectionTrainer(
                    backend,
                    new MicroStep.Networks(
                            TUNetConfig.read(checkpoint.config("unet")),
                            unet.tree(),
                            Gpt2Config.read(checkpoint.config("language_model")),
                            gpt2.tree()),
                    sizes(texts),
                    new MicroStep.Options(settings.lossGuidance(), settings.recompute(), false),
                    texts,
                    new ProjectionTrainer.Method(loss, new AdamW(settings.weightDecay(), settings.largestNorm())),
                    state));
            Arena arena = opening.own(Arena.ofShared());
            microBatches = new MicroBatches(data.training(), loss, settings.batch(), latents, settings.seed(), arena);
            slots = Stream.generate(() -> update(arena, latents)).limit(SLOTS).toList();
            evaluation = data.validation().size() == 0
                    ? null
                    : new Evaluation(data.validation(), loss, settings.batch(), latents, arena);
            scope = opening.release();
        }
    }

    private MicroStep.Sizes sizes(Conditioning texts) {
        Shape first = Objects.requireNonNull(state.shapes().get(InitialProjection.PART + "projection1.weight"));
        return new MicroStep.Sizes(
                settings.batch(),
                data.embeddingWidth(),
                new ImageProjection(first.extent(0), settings.variant().tokens()),
                data.latentShape(),
                texts.t5().shape().with(0, 1));
    }

    private Update update(Arena arena, Shape latents) {
        return new Update(IntStream.range(0, settings.accumulate())
                .mapToObj(_ -> MicroBatch.allocate(arena, settings.batch(), data.embeddingWidth(), latents))
                .toList());
    }

    /**
     * Trains until the last update is made or it is told to stop, and saves; at the end it writes {@code projection.safetensors} and
     * {@code projection.pt} too.
     *
     * @param stop asked after every update
     * @return whether the last update is made
     * @throws DivergedException where a loss is not finite; the state before that update is saved
     */
    public boolean run(TrainingListener listener, BooleanSupplier stop) {
        if (state.updates() == 0) {
            evaluate(listener);
        }
        try {
            train(listener, stop);
        } catch (DivergedException diverged) {
            save(listener);
            throw diverged;
        }
        boolean complete = state.updates() >= updates();
        if (complete) {
            for (String name : new String[] {"projection.safetensors", "projection.pt"}) {
                ProjectionFile.replace(course.folder().resolve(name), state.weights());
            }
        }
        return complete;
    }

    private void train(TrainingListener listener, BooleanSupplier stop) {
        long[] next = {state.updates()};
        try (BackgroundLoader<Update> loader =
                BackgroundLoader.start("art2mus-data", slots, slot -> fill(slot, next[0]++))) {
            boolean stopped = stop.getAsBoolean();
            while (state.updates() < updates() && !stopped) {
                long began = System.nanoTime();
                double rate = settings.rate(state.updates(), data.training().size());
                Update update = Objects.requireNonNull(loader.next(), "the loader fills one for every update");
                ProjectionTrainer.Update made = trainer.update(update.microBatches(), rate);
                listener.updated(new TrainingListener.Step(
                        state.updates(), updates(), made, rate, (System.nanoTime() - began) / 1e9));
                stopped = stop.getAsBoolean();
                afterUpdate(listener, stopped);
            }
        }
    }

    private boolean fill(Update slot, long update) {
        if (update >= updates()) {
            return false;
        }
        for (int i = 0; i < settings.accumulate(); i++) {
            microBatches.fill(
                    update * settings.accumulate() + i, slot.microBatches().get(i));
        }
        return true;
    }

    private void afterUpdate(TrainingListener listener, boolean stopped) {
        boolean last = state.updates() >= updates();
        boolean validates = !stopped && (last || isDue(course.validateEvery()));
        if (last || stopped || validates || isDue(course.saveEvery())) {
            Path saved = save(listener);
            if (validates) {
                evaluate(listener);
                listener.validate(state.updates(), saved);
            }
        }
    }

    private boolean isDue(long every) {
        return every > 0 && state.updates() % every == 0;
    }

    private void evaluate(TrainingListener listener) {
        if (evaluation != null) {
            listener.evaluated(state.updates(), evaluation.losses(trainer));
        }
    }

    private Path save(TrainingListener listener) {
        trainer.download();
        TrainingCheckpoints checkpoints = Course.checkpoints(course.folder());
        Path saved = checkpoints.save(state, course.record());
        checkpoints.prune(course.keep());
        listener.saved(saved);
        return saved;
    }

    /** Updates of the whole training. */
    public long updates() {
        return settings.updates(data.training().size());
    }

    /** Bytes of the micro-step. */
    public PlanMemory memory() {
        return trainer.memory();
    }

    /** Bytes of gradients, and of moments where they are the device's. */
    public long optimizerBytes() {
        return trainer.optimizerBytes();
    }

    @Override
    public void close() {
        scope.close();
    }
}
