package io.art2mus.cli.verify;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.backend.cuda.CudaPlan;
import io.art2mus.cli.ceiling.Stopwatch;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Work;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.HifiGanConfig;
import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.SoundLength;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A T-UNet ready to be called again and again, as a CUDA graph and launch by launch. */
final class StepMeasurement implements AutoCloseable {
    private static final int GUIDED_ROWS = 2;

    /** FLAN-T5 tokens of the text; published counts of operations are for so many. */
    private static final int TEXT_TOKENS = 12;

    /** So many seconds of steps at once that the GPU is hardly ever idle. */
    private static final double SECONDS_AT_ONCE = 0.05;

    private final HandleScope scope;
    private final Precision precision;
    private final Graph graph;
    private final CudaPlan plan;
    private final Runnable idle;

    /**
     * Opens the T-UNet of a checkpoint on a GPU, with random inputs.
     *
     * @param seconds of sound
     */
    StepMeasurement(int ordinal, Precision precision, Checkpoint checkpoint, double seconds) {
        this.precision = precision;
        try (HandleScope opening = new HandleScope()) {
            Arena arena = opening.own(Arena.ofConfined());
            CudaBackend backend = opening.own(CudaBackend.open(ordinal, precision, UserCache.ofUser()));
            TUNet.Graphs graphs = graphs(opening, checkpoint, seconds);
            Plan once = opening.own(backend.compile(graphs.once()));
            fill(arena, graphs.once(), once, Map.of());
            once.run();
            Map<String, DeviceBuffer> hoisted = new HashMap<>();
            graphs.once().outputs().keySet().forEach(name -> hoisted.put(name, once.output(name)));
            graph = graphs.every();
            plan = opening.own(backend.compile(graph, hoisted));
            fill(arena, graph, plan, hoisted);
            idle = backend::synchronize;
            scope = opening.release();
        }
    }

    private static TUNet.Graphs graphs(HandleScope scope, Checkpoint checkpoint, double seconds) {
        TUNetConfig config = TUNetConfig.read(checkpoint.config("unet"));
        WeightFile weights = scope.own(checkpoint.weights("unet"));
        int textWidth = checkpoint.config("text_encoder_2").integer("d_model", 1, 100_000);
        Gpt2Config gpt2 = Gpt2Config.read(checkpoint.config("language_model"));
        SoundLength length = SoundLength.of(
                seconds,
                AutoencoderKlConfig.read(checkpoint.config("vae")),
                HifiGanConfig.read(checkpoint.config("vocoder")));
        TUNet.Conditions conditions = new TUNet.Conditions(
                Shape.of(GUIDED_ROWS, gpt2.newTokens(), gpt2.width()),
                Shape.of(GUIDED_ROWS, TEXT_TOKENS, textWidth),
                1);
        return TUNet.graphs(config, weights.tree(), length.latents(config.latentChannels()), conditions);
    }

    /** Numbers between −1 and 1; of a bias, which would hide them, nothing but zeros. */
    private static void fill(Arena arena, Graph graph, Plan plan, Map<String, DeviceBuffer> bound) {
        SplittableRandom random = new SplittableRandom(1);
        graph.inputs().forEach((name, value) -> {
            if (value.kind() == Value.Kind.INDEX) {
                plan.input(name).uploadPosition(0);
            } else if (!bound.containsKey(name)) {
                HostTensor numbers = HostTensor.allocate(arena, value.shape());
                for (long i = 0; i < numbers.shape().elements() && !name.endsWith("bias"); i++) {
                    numbers.set(i, (float) random.nextDouble(-1, 1));
                }
                plan.input(name).upload(numbers);
            }
        });
    }

    /** Times both ways. */
    StepTime time() {
        Stopwatch stopwatch = new Stopwatch(idle);
        Work work = Work.of(graph);
        return new StepTime(
                precision.toString(),
                plan.kernels(),
                stopwatch.time(plan::enqueue),
                stopwatch.time(plan::run),
                work.operations(),
                work.elements() * precision.bytes(),
                plan.memory());
    }

    /** What {@code look} saw while the GPU computed nothing but steps, each of so many seconds. */
    <T> T underLoad(double seconds, Supplier<T> look) {
        int atOnce = (int) Math.max(1, SECONDS_AT_ONCE / seconds);
        CompletableFuture<T> seen = CompletableFuture.supplyAsync(look);
        do {
            for (int i = 0; i < atOnce; i++) {
                plan.run();
            }
            idle.run();
        } while (!seen.isDone());
        return seen.join();
    }

    @Override
    public void close() {
        scope.close();
    }
}
