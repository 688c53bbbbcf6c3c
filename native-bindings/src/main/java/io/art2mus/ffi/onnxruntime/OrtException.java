package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.NativeException;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;
import java.io.Serial;
import java.util.Locale;

/** A call of ONNX Runtime that answered with an error status. */
public final class OrtException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    OrtException(String call, int code, String text) {
        super(call, code, nameOf(code), text, remedyFor(text));
    }

    private static String nameOf(int code) {
        if (code == onnxruntime_h.ORT_FAIL()) {
            return "ORT_FAIL";
        } else if (code == onnxruntime_h.ORT_INVALID_ARGUMENT()) {
            return "ORT_INVALID_ARGUMENT";
        } else if (code == onnxruntime_h.ORT_NO_SUCHFILE()) {
            return "ORT_NO_SUCHFILE";
        } else if (code == onnxruntime_h.ORT_NO_MODEL()) {
            return "ORT_NO_MODEL";
        } else if (code == onnxruntime_h.ORT_ENGINE_ERROR()) {
            return "ORT_ENGINE_ERROR";
        } else if (code == onnxruntime_h.ORT_RUNTIME_EXCEPTION()) {
            return "ORT_RUNTIME_EXCEPTION";
        } else if (code == onnxruntime_h.ORT_INVALID_PROTOBUF()) {
            return "ORT_INVALID_PROTOBUF";
        } else if (code == onnxruntime_h.ORT_MODEL_LOADED()) {
            return "ORT_MODEL_LOADED";
        } else if (code == onnxruntime_h.ORT_NOT_IMPLEMENTED()) {
            return "ORT_NOT_IMPLEMENTED";
        } else if (code == onnxruntime_h.ORT_INVALID_GRAPH()) {
            return "ORT_INVALID_GRAPH";
        } else if (code == onnxruntime_h.ORT_EP_FAIL()) {
            return "ORT_EP_FAIL";
        } else if (code == onnxruntime_h.ORT_MODEL_LOAD_CANCELED()) {
            return "ORT_MODEL_LOAD_CANCELED";
        } else if (code == onnxruntime_h.ORT_MODEL_REQUIRES_COMPILATION()) {
            return "ORT_MODEL_REQUIRES_COMPILATION";
        } else if (code == onnxruntime_h.ORT_NOT_FOUND()) {
            return "ORT_NOT_FOUND";
        } else if (code == onnxruntime_h.ORT_DEVICE_RESET()) {
            return "ORT_DEVICE_RESET";
        }
        return "unknown code";
    }

    /** Running out of memory and a provider that misses its libraries are what a user can act on; the library tells it by its words alone. */
    private static String remedyFor(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("libonnxruntime_providers_")) {
            return "install the CUDA it was built for, or unset " + NativeLibrary.ONNXRUNTIME.variable()
                    + " to compute the encoders on the CPU";
        }
        return lower.contains("bad_alloc") || lower.contains("allocate memory")
                ? "free some memory or run with fewer threads"
                : "";
    }
}
