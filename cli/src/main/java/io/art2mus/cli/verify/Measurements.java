package io.art2mus.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import io.art2mus.pipeline.Checkpoint;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast a GPU is.
 *
 * @param checkpoint whose networks, as they were named or found
 * @param underLoad what the GPU did while it computed steps; null without {@code nvidia-smi}
 * @param generations empty where the text encoders are missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measurements(
        String checkpoint,
        Ceilings ceilings,
        StepTime step,
        @Nullable GpuState underLoad,
        List<GenerationTime> generations) {
    private static final List<Integer> STEPS = List.of(20, 200);

    /** Measures, and prints each line of the table when it is known. */
    static Measurements of(CudaDevice device, String pciBusId, Checkpoint checkpoint, String name, PrintWriter out) {
        Ceilings ceilings = Ceilings.measure(device);
        out.println("this GPU's ceilings: " + ceilings);
        out.println("weights: " + name);
        out.flush();
        StepTime step;
        GpuState underLoad;
        try (StepMeasurement measurement = new StepMeasurement(device.ordinal(), Precision.F16, checkpoint)) {
            step = measurement.time();
            underLoad = measurement.underLoad(() -> GpuState.of(pciBusId)).orElse(null);
        }
        out.println(step.against(ceilings));
        if (underLoad != null) {
            out.println("  meanwhile " + underLoad);
        }
        out.flush();
        return new Measurements(name, ceilings, step, underLoad, generations(device, checkpoint, out));
    }

    private static List<GenerationTime> generations(CudaDevice device, Checkpoint checkpoint, PrintWriter out) {
        if (!OnnxRuntime.status().available()) {
            out.println("whole generations are not measured: ONNX Runtime is not in this package");
            return List.of();
        }
        List<GenerationTime> times = new ArrayList<>();
        int threads = Runtime.getRuntime().availableProcessors();
        try (CudaBackend backend = CudaBackend.open(device.ordinal(), Precision.F16, UserCache.ofUser())) {
            for (int steps : STEPS) {
                GenerationTime time = GenerationTime.measure(backend, backend::freeBytes, checkpoint, threads, steps);
                out.println(time);
                out.flush();
                times.add(time);
            }
        }
        return times;
    }
}
