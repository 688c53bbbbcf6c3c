package io.art2mus.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.Tolerance;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cuda.Gpu;
import io.art2mus.backend.reference.ReferenceBackend;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.graph.HostTensor;

/** Every backend and precision that a model is compared on, and how close it must come. */
public enum Device {
    REFERENCE("reference f64", Tolerance.PART_F32, Tolerance.PART_F32),
    CPU_F32("cpu f32", Tolerance.PART_F32, Tolerance.PART_F32),
    CPU_BF16("cpu bf16", Tolerance.PART_BF16, Tolerance.GRADIENT_BF16),
    CUDA_F32("cuda f32", Tolerance.PART_F32, Tolerance.PART_F32),
    CUDA_F16("cuda f16", Tolerance.PART_F16, Tolerance.PART_F16);

    private final String label;
    private final Tolerance tolerance;
    private final Tolerance backward;

    Device(String label, Tolerance tolerance, Tolerance backward) {
        this.label = label;
        this.tolerance = tolerance;
        this.backward = backward;
    }

    /** The backend; skips the test where the processor does not have this precision, or there is no GPU. */
    public Backend open() {
        return switch (this) {
            case REFERENCE -> new ReferenceBackend();
            case CPU_F32 -> CpuBackend.open(2, Precision.F32);
            case CPU_BF16 -> {
                assumeTrue(OneDnn.instructionSet().hasBf16(), "this processor has bfloat16 instructions");
                yield CpuBackend.open(2, Precision.BF16);
            }
            case CUDA_F32 -> Gpu.open(Precision.F32);
            case CUDA_F16 -> Gpu.open(Precision.F16);
        };
    }

    /** What losses must be multiplied by so that their gradients do not vanish on the way back. */
    public float lossScale() {
        return this == CUDA_F16 ? 1 << 16 : 1;
    }

    /** Prints what was reached and fails where it is too far. */
    public void requireWithin(String part, HostTensor actual, HostTensor expected) {
        tolerance.requireWithin(part + ", " + label, actual, expected);
    }

    /** The same of a gradient. */
    public void requireGradientWithin(String part, HostTensor actual, HostTensor expected) {
        backward.requireWithin(part + ", " + label, actual, expected);
    }
}
