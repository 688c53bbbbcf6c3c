package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuModuleGetFunction;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuModuleLoadData;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuModuleUnload;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Compiled kernels on a GPU. */
public final class CudaModule extends NativeHandle {
    private final Cuda cuda;

    private CudaModule(Cuda cuda, MemorySegment handle) {
        super(handle);
        this.cuda = cuda;
    }

    /** Loads machine code, a fat binary, or PTX with its terminating zero. */
    public static CudaModule load(Cuda cuda, byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(C_POINTER);
            cuda.check("cuModuleLoadData", cuModuleLoadData(handle, arena.allocateFrom(ValueLayout.JAVA_BYTE, image)));
            return new CudaModule(cuda, handle.get(C_POINTER, 0));
        }
    }

    /** The kernel of this name, usable while this module is open. */
    public CudaFunction function(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = arena.allocate(C_POINTER);
            cuda.check("cuModuleGetFunction", cuModuleGetFunction(function, address(), arena.allocateFrom(name)));
            return new CudaFunction(cuda, this, function.get(C_POINTER, 0));
        }
    }

    /** Fails where this module is closed or another thread's. */
    void requireUsable() {
        address();
    }

    @Override
    protected void destroy() {
        cuda.check("cuModuleUnload", cuModuleUnload(address()));
    }
}
