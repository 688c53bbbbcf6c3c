package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A tensor over host memory that stays its owner's, as a session reads or writes it. Close it before that memory goes. */
public final class OrtValue extends NativeHandle {
    private final OnnxRuntime runtime;

    private OrtValue(OnnxRuntime runtime, MemorySegment address) {
        super(address);
        this.runtime = runtime;
    }

    /** Sees {@code data}, row-major and without gaps, as a tensor; nothing is copied. */
    public static OrtValue over(OrtEnvironment environment, TensorType type, MemorySegment data, long... shape) {
        if (!data.isNative() || data.byteSize() != type.bytesOf(shape)) {
            throw new IllegalArgumentException(
                    "a tensor needs " + type.bytesOf(shape) + " bytes of native memory, not " + data);
        }
        try (Arena arena = Arena.ofConfined()) {
            return new OrtValue(environment.runtime(), environment.borrowTensor(arena, type, data, shape));
        }
    }

    /** The live handle, for a run. */
    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        OrtApi.ReleaseValue.invoke(OrtApi.ReleaseValue(runtime.api()), address());
    }
}
