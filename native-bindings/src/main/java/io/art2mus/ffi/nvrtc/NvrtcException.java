package io.art2mus.ffi.nvrtc;

import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.NVRTC_ERROR_BUILTIN_OPERATION_FAILURE;

import io.art2mus.ffi.NativeException;
import java.io.Serial;

/** A call of NVRTC that failed. The message has the log's first error; {@link #log()} has all of it. */
public final class NvrtcException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String log;

    NvrtcException(String call, int code, String name, String log) {
        super(call, code, name, firstError(log), remedy(code));
        this.log = log;
    }

    /** What the compiler printed, in as many lines as it took; empty where the call compiles nothing. */
    public String log() {
        return log;
    }

    private static String firstError(String log) {
        return log.lines()
                .filter(line -> line.contains("error"))
                .findFirst()
                .or(() -> log.lines().filter(line -> !line.isBlank()).findFirst())
                .map(String::strip)
                .orElse("");
    }

    private static String remedy(int code) {
        return code == NVRTC_ERROR_BUILTIN_OPERATION_FAILURE()
                ? "libnvrtc-builtins must lie beside libnvrtc: install the CUDA 13 toolkit whole"
                : "";
    }
}
