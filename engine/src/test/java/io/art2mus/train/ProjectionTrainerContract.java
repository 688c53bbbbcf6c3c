package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.backend.Backend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.Device;
import io.art2mus.model.GoldenFile;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TUNetConfig;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three updates of the image projection, each from the weights that the one before left, against PyTorch. A test extends this and says on
 * which device.
 */
abstract class ProjectionTrainerContract {
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");
    static final int ITEMS = 2;

    private final Device device;

    ProjectionTrainerContract(Device device) {
        this.device = device;
    }

    /** Loss, gradient norm and what changes, of one of PyTorch's trainings. */
    final void requireAsPyTorch(String file, int tokens, @Nullable Double guidance, @Nullable Double gamma) {
        try (Arena arena = Arena.ofConfined();
                Training training = new Training(device, arena, file, tokens, guidance, gamma, ITEMS)) {
            for (int step = 0; step < TrainingGolden.STEPS; step++) {
                String where = file + " step " + step;
                ProjectionTrainer.Update update = training.update(training.items(step, 0, ITEMS));
                TrainingGolden golden = training.golden;
                Tolerance.PART_F32.requireWithin(
                        where + ", loss", relative(update.loss(), golden.number(step, "loss")));
                Tolerance.PART_F32.requireWithin(
                        where + ", gradient norm", relative(update.gradientNorm(), golden.number(step, "grad_norm")));
                String from = step == 0 ? "initial" : "step" + (step - 1) + ".after";
                HostTensor before = golden.trained(from).all();
                Tolerance.TRAINED_CHANGE.requireWithin(
                        where + ", change of the weights",
                        difference(arena, training.weights(), before),
                        difference(
                                arena, golden.trained("step" + step + ".after").all(), before));
            }
        }
    }

    @Test
    void twoMicroBatchesOfOneItemAreAsGoodAsOneOfTwo() {
        try (Arena arena = Arena.ofConfined();
                Training whole = new Training(device, arena, "train_art2mus_mse", 1, null, null, ITEMS);
                Training halves = new Training(device, arena, "train_art2mus_mse", 1, null, null, 1)) {
            ProjectionTrainer.Update together = whole.update(whole.items(0, 0, ITEMS));
            ProjectionTrainer.Update apart = halves.update(halves.items(0, 0, 1), halves.items(0, 1, 1));
            Tolerance.PART_F32.requireWithin("loss", relative(apart.loss(), together.loss()));
            Tolerance.PART_F32.requireWithin("gradient norm", relative(apart.gradientNorm(), together.gradientNorm()));
            Tolerance.PART_F32.requireWithin("weights", halves.weights(), whole.weights());
        }
    }

    @Test
    void twoUpdatesAfterACheckpointAreThoseOfATrainingThatWentOn(@TempDir Path folder) {
        try (Arena arena = Arena.ofConfined();
                Training whole = new Training(device, arena, "train_art2mus_mse", 1, null, null, 1)) {
            whole.update(whole.items(0, 0, 1), whole.items(0, 1, 1));
            whole.trainer.download();
            Path saved = new TrainingCheckpoints(folder).save(whole.state, Map.of());
            whole.goOn();
            try (Training rest = new Training(device, arena, "train_art2mus_mse", 1, null, null, 1, saved)) {
                rest.goOn();
                requireSame(rest.state, whole.state);
            }
        }
    }

    private static void requireSame(TrainingState one, TrainingState other) {
        assertThat(one.updates()).isEqualTo(other.updates());
        assertThat(one.lossScale()).isEqualTo(other.lossScale());
        requireSame(one.weights(), other.weights());
        requireSame(one.moments().first(), other.moments().first());
        requireSame(one.moments().second(), other.moments().second());
    }

    private static void requireSame(TrainedTensors one, TrainedTensors other) {
        assertThat(one.all().data().mismatch(other.all().data())).isEqualTo(-1);
    }

    @Test
    void anInfiniteLossIsAnErrorThatNamesUpdateTimestepAndPairAndLeavesTheWeights() {
        try (Arena arena = Arena.ofConfined();
                Training training = new Training(device, arena, "train_art2mus_mse", 1, null, null, ITEMS)) {
            MicroBatch batch = training.items(0, 0, ITEMS);
            batch.target().set(batch.target().shape().elements() - 1, Float.NaN);
            batch.names()[1] = "b.jpg with b.flac";
            assertThatThrownBy(() -> training.update(batch))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("the loss of item 2 in update 1 is NaN, at timestep " + batch.timesteps()[1]
                            + ": b.jpg with b.flac");
            assertThat(training.state.updates()).isZero();
            assertThat(training.weights()
                            .data()
                            .mismatch(training.golden.trained("initial").all().data()))
                    .isEqualTo(-1);
        }
    }

    private static HostTensor difference(Arena arena, HostTensor to, HostTensor from) {
        HostTensor difference = HostTensor.allocate(arena, to.shape());
        for (long i = 0; i < to.shape().elements(); i++) {
            difference.set(i, to.get(i) - from.get(i));
        }
        return difference;
    }

    static double relative(double actual, double expected) {
        return Math.abs(actual - expected) / Math.abs(expected);
    }

    /** Everything that one of PyTorch's trainings needs. */
    static final class Training implements AutoCloseable {
        private final TrainingGolden golden;
        private final Arena arena;
        private final WeightFile unet = WeightFile.openPart(CHECKPOINT.resolve("unet"));
        private final WeightFile gpt2 = WeightFile.openPart(CHECKPOINT.resolve("language_model"));
        private final Backend backend;
        private final NoiseLoss loss;
        private final TrainingState state;
        private final ProjectionTrainer trainer;

        Training(
                Device device,
                Arena arena,
                String file,
                int tokens,
                @Nullable Double guidance,
                @Nullable Double gamma,
                int items) {
            this(device, arena, file, tokens, guidance, gamma, items, null);
        }

        Training(
                Device device,
                Arena arena,
                String file,
                int tokens,
                @Nullable Double guidance,
                @Nullable Double gamma,
                int items,
                @Nullable Path checkpoint) {
            this.arena = arena;
            backend = device.open();
            golden = new TrainingGolden(file, arena);
            loss = new NoiseLoss(NoiseSchedule.from(config("scheduler/scheduler_config.json")), optional(gamma));
            state = checkpoint == null ? state(golden) : state(golden, checkpoint);
            trainer = trainer(file, tokens, optional(guidance), items);
        }

        private ProjectionTrainer trainer(String file, int tokens, OptionalDouble guidance, int items) {
            GoldenFile texts = GoldenFile.small("generate_image", arena);
            Conditioning conditioning = new Conditioning(texts.tensor("loa"), texts.tensor("t5_states"), bias(texts));
            MicroStep.Networks networks = new MicroStep.Networks(
                    TUNetConfig.read(config("unet/config.json")),
                    unet.tree(),
                    Gpt2Config.read(config("language_model/config.json")),
                    gpt2.tree());
            MicroBatch one = items(0, 0, 1);
            MicroStep.Sizes sizes = new MicroStep.Sizes(
                    items,
                    one.embeddings().shape().last(),
                    new ImageProjection(hidden(file), tokens),
                    one.noised().shape(),
                    texts.row("t5_states", 1).shape());
            return new ProjectionTrainer(
                    backend,
                    networks,
                    sizes,
                    new MicroStep.Options(guidance, false, false),
                    guidance.isPresent() ? conditioning : wishAlone(conditioning),
                    new ProjectionTrainer.Method(loss, new AdamW(TrainingGolden.WEIGHT_DECAY, 1)),
                    state);
        }

        private static Conditioning wishAlone(Conditioning both) {
            return new Conditioning(
                    both.loa().rows(1, 1), both.t5().rows(1, 1), both.t5Bias().rows(1, 1));
        }

        private HostTensor bias(GoldenFile texts) {
            return HostTensor.stacked(arena, texts.bias("t5_mask", 0, 0), texts.bias("t5_mask", 1, 0));
        }

        private long hidden(String file) {
            return GoldenFile.small(file, arena)
                    .tensor("initial.projection1.bias")
                    .shape()
                    .extent(0);
        }

        /** The state before the first update, under the names of the graph's inputs. */
        private static TrainingState state(TrainingGolden golden) {
            TrainedTensors initial = golden.trained("initial");
            SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
            initial.byName().forEach((name, tensor) -> shapes.put("image_projection." + name, tensor.shape()));
            TrainingState state = new TrainingState(shapes);
            state.weights().all().data().copyFrom(initial.all().data());
            return state;
        }

        private static TrainingState state(TrainingGolden golden, Path checkpoint) {
            TrainedTensors initial = golden.trained("initial");
            Shape first = Golden.named(initial.byName(), "projection1.weight").shape();
            Shape second = Golden.named(initial.byName(), "projection2.weight").shape();
            TrainingState state = InitialProjection.read(
                    TrainingCheckpoints.weights(checkpoint),
                    new InitialProjection.Widths(first.last(), first.extent(0), second.extent(0)));
            TrainingCheckpoints.restore(checkpoint, state);
            return state;
        }

        /** Two more updates. */
        void goOn() {
            update(items(1, 0, 1), items(1, 1, 1));
            update(items(2, 0, 1));
            trainer.download();
        }

        /** As they are where they are learned. */
        HostTensor weights() {
            trainer.download();
            return state.weights().all();
        }

        Backend backend() {
            return backend;
        }

        TrainingState state() {
            return state;
        }

        TrainingGolden golden() {
            return golden;
        }

        ProjectionTrainer.Update update(MicroBatch... microBatches) {
            return trainer.update(List.of(microBatches), TrainingGolden.LEARNING_RATE);
        }

        /** Bytes that are counted by whoever allocates them. */
        long countedBytes() {
            return trainer.memory().bytes() + trainer.optimizerBytes() + state.bytes();
        }

        MicroBatch items(int step, long first, int count) {
            GoldenFile file = GoldenFile.small(golden.name(), arena);
            HostTensor latents =
                    file.channelsLast(golden.tensor(step, "latents")).rows(first, count);
            HostTensor noise = file.channelsLast(golden.tensor(step, "noise")).rows(first, count);
            MicroBatch batch = MicroBatch.allocate(
                    arena,
                    count,
                    golden.tensor(step, "embedding").shape().last(),
                    latents.shape().with(0, 1));
            batch.embeddings()
                    .data()
                    .copyFrom(
                            golden.tensor(step, "embedding").rows(first, count).data());
            IntStream.range(0, count).forEach(n -> batch.timesteps()[n] = golden.timesteps(step)[(int) first + n]);
            loss.noise(latents, noise, batch.timesteps(), batch.noised());
            loss.target(latents, noise, batch.timesteps(), batch.target());
            return batch;
        }

        private static OptionalDouble optional(@Nullable Double number) {
            return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
        }

        private static ModelConfig config(String file) {
            return ModelConfig.read(CHECKPOINT.resolve(file));
        }

        @Override
        public void close() {
            trainer.close();
            state.close();
            backend.close();
            gpt2.close();
            unet.close();
        }
    }
}
