package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuFuncSetAttribute;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuLaunchKernel;

import java.lang.foreign.MemorySegment;

/** A kernel of a {@link CudaModule}, which owns it. */
public final class CudaFunction {
    /** What a block may have of shared memory, static and dynamic together, without being allowed more. */
    public static final int FREELY_SHARED_BYTES = 48 << 10;

    private final Cuda cuda;
    private final CudaModule module;
    private final MemorySegment handle;

    CudaFunction(Cuda cuda, CudaModule module, MemorySegment handle) {
        this.cuda = cuda;
        this.module = module;
        this.handle = handle;
    }

    /** How many threads run a kernel: blocks along x, y, z; threads of a block along x, y, z; its dynamic shared bytes. */
    public record Shape(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int sharedBytes) {
        /** Along x alone, with no dynamic shared memory. */
        public static Shape linear(int blocks, int threads) {
            return new Shape(blocks, 1, 1, threads, 1, 1, 0);
        }
    }

    /**
     * Lets launches ask for so many dynamic shared bytes; without that they may have {@value #FREELY_SHARED_BYTES}.
     *
     * @throws CudaException where a block of this GPU cannot have so many
     */
    public void allowSharedBytes(int bytes) {
        module.requireUsable();
        cuda.check(
                "cuFuncSetAttribute",
                cuFuncSetAttribute(handle, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES(), bytes));
    }

    /** Appends a run of the kernel to {@code stream}. Allocates nothing. */
    public void launch(CudaStream stream, Shape shape, KernelArguments arguments) {
        module.requireUsable();
        cuda.check(
                "cuLaunchKernel",
                cuLaunchKernel(
                        handle,
                        shape.gridX,
                        shape.gridY,
                        shape.gridZ,
                        shape.blockX,
                        shape.blockY,
                        shape.blockZ,
                        shape.sharedBytes,
                        stream.handle(),
                        arguments.pointers(),
                        MemorySegment.NULL));
    }
}
