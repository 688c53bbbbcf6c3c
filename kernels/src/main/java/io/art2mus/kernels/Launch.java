package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.KernelArguments;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;

/**
 * An operation ready to run: its kernels with their arguments, laid out once. Usable while the {@link Kernels} and the arena that it was
 * prepared from are open.
 */
public final class Launch {
    /** The longest load or store of a thread. */
    static final int WIDEST_BYTES = 16;

    private final List<Kernel> kernels;

    private Launch(List<Kernel> kernels) {
        this.kernels = kernels;
    }

    /** One run of one kernel. */
    private record Kernel(CudaFunction function, CudaFunction.Shape shape, KernelArguments arguments) {}

    /**
     * One kernel.
     *
     * @param file its source's name without the ending
     * @param what the rest of its name, without the file's
     * @param arguments as {@link KernelArguments#of} takes them; addresses are {@link Long}s
     */
    static Launch of(
            Kernels kernels, Arena arena, String file, String what, CudaFunction.Shape shape, Object... arguments) {
        CudaFunction function = kernels.function(file, what, shape.sharedBytes());
        return new Launch(List.of(new Kernel(function, shape, KernelArguments.of(arena, arguments))));
    }

    /** This one's kernels, then those of {@code next}. */
    Launch then(Launch next) {
        return new Launch(Stream.concat(kernels.stream(), next.kernels.stream()).toList());
    }

    /** How many kernels run. */
    public int kernels() {
        return kernels.size();
    }

    /** Appends the operation to {@code stream}. Allocates nothing. */
    public void enqueue(CudaStream stream) {
        for (int i = 0; i < kernels.size(); i++) {
            Kernel kernel = kernels.get(i);
            kernel.function.launch(stream, kernel.shape, kernel.arguments);
        }
    }
}
