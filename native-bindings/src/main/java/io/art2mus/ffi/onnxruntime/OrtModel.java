package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import java.lang.foreign.MemorySegment;

/** The library's own form of an {@link OnnxGraph}; needed until its session is open. */
final class OrtModel extends NativeHandle {
    private final OnnxRuntime runtime;

    OrtModel(OnnxRuntime runtime, MemorySegment address) {
        super(address);
        this.runtime = runtime;
    }

    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        OrtApi.ReleaseModel.invoke(OrtApi.ReleaseModel(runtime.api()), address());
    }
}
