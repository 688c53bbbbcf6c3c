package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_ENGINECFG_ENGINE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_ENGINE_NUMERICAL_NOTE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_ENGINE_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_NUMERICAL_NOTE_TENSOR_CORE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_NUMERICAL_NOTE_TYPE_COUNT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_NUMERICAL_NOTE;

import java.util.Arrays;
import java.util.List;

/** An engine and its settings, as cuDNN proposed them. */
final class EngineConfiguration extends BackendDescriptor {
    private final Cudnn library;

    /** One that cuDNN will fill. */
    EngineConfiguration(Cudnn library) {
        super(library, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR());
        this.library = library;
    }

    /**
     * Whether the engine computes the same bits every time, and adds up in float32; for float32 tensors, also whether it multiplies in
     * float32: neither TF32, nor Winograd's and Fourier's transforms.
     */
    boolean isFaithful(TensorDescriptor.Elements elements) {
        try (Engine engine = new Engine(library)) {
            readInto(CUDNN_ATTR_ENGINECFG_ENGINE(), List.of(engine));
            return Arrays.stream(engine.notes()).allMatch(note -> isHarmless(note, elements));
        }
    }

    private static boolean isHarmless(int note, TensorDescriptor.Elements elements) {
        if (note == CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC()
                || note == CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION()
                || note == CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS()) {
            return false;
        }
        return note == CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP()
                || (note == CUDNN_NUMERICAL_NOTE_TENSOR_CORE() && elements != TensorDescriptor.Elements.FLOAT32);
    }

    /** What computes. */
    private static final class Engine extends BackendDescriptor {
        Engine(Cudnn library) {
            super(library, CUDNN_BACKEND_ENGINE_DESCRIPTOR());
        }

        int[] notes() {
            return readEnumeration(
                    CUDNN_ATTR_ENGINE_NUMERICAL_NOTE(), CUDNN_TYPE_NUMERICAL_NOTE(), CUDNN_NUMERICAL_NOTE_TYPE_COUNT());
        }
    }
}
