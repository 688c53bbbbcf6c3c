package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_POINTER;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnCreate;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnDestroy;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnSetStream;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.cuda.CudaStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** cuDNN's state for the calling thread's GPU. */
public final class CudnnHandle extends NativeHandle {
    private final Cudnn library;

    private CudnnHandle(Cudnn library, MemorySegment handle) {
        super(handle);
        this.library = library;
    }

    /** Opens it in the context that is current. */
    public static CudnnHandle open(Cudnn library) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check("cudnnCreate", cudnnCreate(handle));
            return new CudnnHandle(library, handle.get(C_POINTER, 0));
        }
    }

    /** What is run from now on is appended to {@code stream}. */
    public void use(CudaStream stream) {
        library.check("cudnnSetStream", cudnnSetStream(address(), stream.handle()));
    }

    Cudnn library() {
        return library;
    }

    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        library.check("cudnnDestroy", cudnnDestroy(address()));
    }
}
