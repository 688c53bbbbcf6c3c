package io.art2mus.model;

import io.art2mus.Tolerance;
import io.art2mus.backend.Backend;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cpu.CpuBackend.Precision;
import io.art2mus.backend.reference.ReferenceBackend;
import io.art2mus.graph.HostTensor;

/** Every backend and precision that a model is compared on, and how close it must come. */
enum Device {
    REFERENCE(Tolerance.PART_F32),
    CPU_F32(Tolerance.PART_F32);

    private final Tolerance tolerance;

    Device(Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    Backend open() {
        return switch (this) {
            case REFERENCE -> new ReferenceBackend();
            case CPU_F32 -> CpuBackend.open(2, Precision.F32);
        };
    }

    /** Prints what was reached and fails where it is too far. */
    void requireWithin(String part, HostTensor actual, HostTensor expected) {
        tolerance.requireWithin(part + ", " + label(), actual, expected);
    }

    private String label() {
        return switch (this) {
            case REFERENCE -> "reference f64";
            case CPU_F32 -> "cpu f32";
        };
    }
}
