package io.art2mus.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.Tolerance;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cuda.Gpu;
import io.art2mus.checkpoint.Preset;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A guided call of the T-UNet with all its published channels, on random weights, against the CPU's in float32. */
@Tag("gpu")
@Tag("onednn")
class CudaFullSizeStepTest {
    private static final int ROWS = 2;
    private static final int TEXT_TOKENS = 12;
    private static final double TIMESTEP = 500;

    /** 10.24 s of sound, and as much as the emulated device does in less than a minute. */
    private static final Shape PUBLISHED = Shape.of(ROWS, 256, 16, 8);

    private static final Shape SHORT = Shape.of(ROWS, 8, 16, 8);

    private final TUNetConfig config = TUNetConfig.read(config("unet/config.json"));
    private final int loaWidth =
            Gpt2Config.read(config("language_model/config.json")).width();
    private final int textWidth = config("text_encoder_2/config.json").integer("d_model", 1, 100_000);

    private static ModelConfig config(String file) {
        return ModelConfig.parse(
                Path.of(file), Preset.named("audioldm2-music").files().getOrDefault(file, ""));
    }

    /** As a trained network's: what goes through keeps its size. */
    private static Parameter parameter(Arena arena, String path, Shape shape) {
        boolean vector = shape.rank() == 1;
        double mean = vector && path.endsWith("weight") ? 1 : 0;
        double spread = vector ? 0.1 : Math.sqrt(3.0 * shape.extent(0) / shape.elements());
        SplittableRandom random = new SplittableRandom(path.hashCode());
        MemorySegment data = arena.allocate(shape.elements() * Short.BYTES, Short.BYTES);
        for (long i = 0; i < shape.elements(); i++) {
            double number = mean + spread * (2 * random.nextDouble() - 1);
            data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) number));
        }
        return Parameter.contiguous(path, DType.F16, shape, data);
    }

    private static HostTensor normal(Arena arena, Shape shape) {
        SplittableRandom random = new SplittableRandom(shape.elements());
        HostTensor tensor = HostTensor.allocate(arena, shape);
        for (long i = 0; i < shape.elements(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    private HostTensor prediction(Backend backend, Arena arena, Map<String, Parameter> weights, Shape latents) {
        try (backend) {
            Shape loa = Shape.of(ROWS, 8, loaWidth);
            Shape t5 = Shape.of(ROWS, TEXT_TOKENS, textWidth);
            TUNet.Graphs graphs = TUNet.graphs(
                    config,
                    (path, shape) -> weights.computeIfAbsent(path, name -> parameter(arena, name, shape)),
                    latents,
                    new TUNet.Conditions(loa, t5, 1));
            HostTensor sinusoid = SinusoidalEmbedding.of(
                    arena, new double[] {TIMESTEP}, config.levels().getFirst().channels());
            Map<String, HostTensor> inputs = new HashMap<>(Run.of(
                    arena,
                    backend,
                    graphs.once(),
                    Map.of("loa", normal(arena, loa), "t5", normal(arena, t5), "sinusoid", sinusoid)));
            inputs.put("latents", normal(arena, latents));
            inputs.put("t5_bias", HostTensor.allocate(arena, Shape.of(ROWS, 1, TEXT_TOKENS)));
            return Run.of(arena, backend, graphs.every(), inputs, Map.of("step", 0))
                    .values()
                    .iterator()
                    .next();
        }
    }

    private void requireEqual(Shape latents) {
        try (Arena arena = Arena.ofConfined()) {
            Backend gpu = Gpu.open(Precision.F16);
            Map<String, Parameter> weights = new HashMap<>();
            HostTensor half = prediction(gpu, arena, weights, latents);
            int threads = Runtime.getRuntime().availableProcessors();
            HostTensor single = prediction(CpuBackend.open(threads, Precision.F32), arena, weights, latents);
            Tolerance.PART_F16.requireWithin(
                    "T-UNet of the published size, " + latents.extent(1) + " x 16, cuda f16", half, single);
        }
    }

    @Test
    void aShortStepEqualsTheCpus() {
        requireEqual(SHORT);
    }

    @Test
    void aStepOfTenSecondsEqualsTheCpus() {
        assumeTrue(
                Cuda.status().available()
                        && !Cuda.load().devices().getFirst().name().startsWith("emulated"),
                "this is a GPU: the emulated one takes minutes for a step of ten seconds");
        requireEqual(PUBLISHED);
    }
}
