package io.art2mus.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.cli.ceiling.Ceilings;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How fast a GPU is.
 *
 * @param emulated whether there was no GPU, see {@link Gpu}
 * @param checkpoint whose networks, as they were named or found
 * @param underLoad what the GPU did while it computed steps; null without {@code nvidia-smi}
 * @param generations empty where the text encoders are missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measurements(
        boolean emulated,
        String checkpoint,
        Ceilings ceilings,
        StepTime step,
        @Nullable GpuState underLoad,
        List<GenerationTime> generations) {
    private static final List<Integer> STEPS = List.of(20, 200);

    /** The emulated device takes seconds for one, even of a short sound. */
    private static final List<Integer> EMULATED_STEPS = List.of(1, 2);

    private static final double EMULATED_SECONDS = 0.64;

    /** Measures, and prints each line of the table when it is known. */
    static Measurements of(CudaDevice device, Gpu gpu, Checkpoint checkpoint, String name, Consumer<String> lines) {
        Ceilings ceilings = Ceilings.measure(device, Precision.F16);
        lines.accept("this GPU's ceilings: " + ceilings);
        lines.accept("weights: " + name);
        double seconds = gpu.emulated() ? EMULATED_SECONDS : Wish.TRAINED_SECONDS;
        StepTime step;
        GpuState underLoad;
        try (StepMeasurement measurement = new StepMeasurement(device.ordinal(), Precision.F16, checkpoint, seconds)) {
            step = measurement.time();
            underLoad = measurement
                    .underLoad(step.graph().median(), () -> GpuState.of(gpu.pciBusId()))
                    .orElse(null);
        }
        lines.accept(step.against(ceilings));
        if (underLoad != null) {
            lines.accept("  meanwhile " + underLoad);
        }
        List<Integer> counts = gpu.emulated() ? EMULATED_STEPS : STEPS;
        return new Measurements(
                gpu.emulated(),
                name,
                ceilings,
                step,
                underLoad,
                generations(device, checkpoint, seconds, counts, lines));
    }

    private static List<GenerationTime> generations(
            CudaDevice device, Checkpoint checkpoint, double seconds, List<Integer> counts, Consumer<String> lines) {
        if (!OnnxRuntime.status().available()) {
            lines.accept("whole generations are not measured: ONNX Runtime is not in this package");
            return List.of();
        }
        List<GenerationTime> times = new ArrayList<>();
        try (CudaBackend backend = CudaBackend.open(device.ordinal(), Precision.F16, UserCache.ofUser())) {
            for (int steps : counts) {
                GenerationTime time = GenerationTime.measure(backend, checkpoint, seconds, steps);
                lines.accept(time.toString());
                times.add(time);
            }
        }
        return times;
    }
}
