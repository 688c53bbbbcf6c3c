package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_EPILOGUE_BIAS;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_EPILOGUE_DEFAULT;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_EPILOGUE_GELU;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_EPILOGUE_GELU_BIAS;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_DESC_TRANSA;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_DESC_TRANSB;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_OP_N;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_OP_T;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_STATUS_SUCCESS;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_FLOAT;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_INT;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmul;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulAlgoGetHeuristic;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.generated.cublaslt.cublasLtMatmulHeuristicResult_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A product of two matrices at fixed places of a GPU's memory, with the algorithms that cuBLASLt proposes for it, best first.
 * Prepared once and run as often as asked.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cublas/#cublasltmatmul">cublasLtMatmul</a>
 */
public final class Matmul implements AutoCloseable {
    private static final int PROPOSALS = 8;

    /** More than this is not claimed of an address: no algorithm asks for it. */
    private static final long MOST_ALIGNMENT = 256;

    private final HandleScope scope;
    private final CublasLtHandle handle;
    private final MatmulDescriptor descriptor;
    private final List<MatrixLayout> layouts;
    private final List<MemorySegment> pointers;
    private final MemorySegment one;
    private final MemorySegment beta;
    private final List<Algorithm> algorithms;

    /** What happens to the product before it is written: a number is added to each column, then a function of every element. */
    public enum Epilogue {
        NONE,
        BIAS,
        /** The tanh approximation of GELU. */
        GELU,
        BIAS_GELU;

        private boolean hasBias() {
            return this == BIAS || this == BIAS_GELU;
        }

        private int code() {
            return switch (this) {
                case NONE -> CUBLASLT_EPILOGUE_DEFAULT();
                case BIAS -> CUBLASLT_EPILOGUE_BIAS();
                case GELU -> CUBLASLT_EPILOGUE_GELU();
                case BIAS_GELU -> CUBLASLT_EPILOGUE_GELU_BIAS();
            };
        }
    }

    /**
     * A matrix of rows in device memory.
     *
     * @param address of its first element
     * @param stride elements from one row to the next
     */
    public record Rows(long address, long stride) {}

    /**
     * {@code result [rows, columns] = left [rows, inner] · right + addend + bias}.
     *
     * @param elements of the matrices that are multiplied
     * @param resultElements of result, addend and bias: the same, or float32
     * @param left {@code [inner, rows]} where {@code leftTransposed}, else {@code [rows, inner]}
     * @param right {@code [columns, inner]} where {@code rightTransposed}, as a Linear's weight, else {@code [inner, columns]}
     * @param bias address of {@code [columns]}; read where the epilogue has one
     * @param addend {@code [rows, columns]}, read where {@code adds}; may be the result
     */
    public record Problem(
            MatrixElements elements,
            MatrixElements resultElements,
            long rows,
            long columns,
            long inner,
            Rows left,
            boolean leftTransposed,
            Rows right,
            boolean rightTransposed,
            Epilogue epilogue,
            long bias,
            boolean adds,
            Rows addend,
            Rows result) {}

    /** A way to compute the product, and the bytes of workspace it needs. */
    private record Algorithm(MemorySegment bytes, long workspaceBytes) {}

    private Matmul(CublasLt library, CublasLtHandle handle, Problem problem, long workspaceBytes) {
        this.handle = handle;
        try (HandleScope making = new HandleScope()) {
            Arena arena = making.own(Arena.ofConfined());
            descriptor = making.own(MatmulDescriptor.create(library));
            describe(problem);
            // Columns one after the other are rows of the transposed: right and left change places, and so does the
            // result.
            layouts = List.of(
                    making.own(MatrixLayout.create(
                            library,
                            problem.elements,
                            problem.rightTransposed ? problem.inner : problem.columns,
                            problem.rightTransposed ? problem.columns : problem.inner,
                            problem.right.stride)),
                    making.own(MatrixLayout.create(
                            library,
                            problem.elements,
                            problem.leftTransposed ? problem.rows : problem.inner,
                            problem.leftTransposed ? problem.inner : problem.rows,
                            problem.left.stride)),
                    making.own(MatrixLayout.create(
                            library, problem.resultElements, problem.columns, problem.rows, addend(problem).stride)),
                    making.own(MatrixLayout.create(
                            library, problem.resultElements, problem.columns, problem.rows, problem.result.stride)));
            pointers = List.of(
                    MemorySegment.ofAddress(problem.right.address),
                    MemorySegment.ofAddress(problem.left.address),
                    MemorySegment.ofAddress(addend(problem).address),
                    MemorySegment.ofAddress(problem.result.address));
            one = arena.allocateFrom(C_FLOAT, 1);
            beta = arena.allocateFrom(C_FLOAT, problem.adds ? 1 : 0);
            algorithms = proposals(library, workspaceBytes, arena);
            scope = making.release();
        }
    }

    /**
     * Prepares a product.
     *
     * @param workspaceBytes the most that an algorithm may ask for
     * @throws CublasLtException where no algorithm computes this
     */
    public static Matmul prepare(CublasLtHandle handle, Problem problem, long workspaceBytes) {
        return new Matmul(handle.library(), handle, problem, workspaceBytes);
    }

    private static Rows addend(Problem problem) {
        return problem.adds ? problem.addend : problem.result;
    }

    private void describe(Problem problem) {
        descriptor.set(CUBLASLT_MATMUL_DESC_TRANSA(), problem.rightTransposed ? CUBLAS_OP_T() : CUBLAS_OP_N());
        descriptor.set(CUBLASLT_MATMUL_DESC_TRANSB(), problem.leftTransposed ? CUBLAS_OP_T() : CUBLAS_OP_N());
        descriptor.set(CUBLASLT_MATMUL_DESC_EPILOGUE(), problem.epilogue.code());
        if (problem.epilogue.hasBias()) {
            descriptor.set(CUBLASLT_MATMUL_DESC_BIAS_POINTER(), problem.bias);
            descriptor.set(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE(), problem.resultElements.code());
        }
    }

    private List<Algorithm> proposals(CublasLt library, long workspaceBytes, Arena arena) {
        MemorySegment results = cublasLtMatmulHeuristicResult_t.allocateArray(PROPOSALS, arena);
        MemorySegment count = arena.allocate(C_INT);
        try (MatmulPreference preference = MatmulPreference.create(library)) {
            preference.set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(), workspaceBytes);
            preference.set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(), alignment(pointers.get(0)));
            preference.set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(), alignment(pointers.get(1)));
            preference.set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(), alignment(pointers.get(2)));
            preference.set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES(), alignment(pointers.get(3)));
            // Parts of a sum that is split are added as float32, not in the result's own type.
            preference.set(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK(), CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE());
            library.check(
                    "cublasLtMatmulAlgoGetHeuristic",
                    cublasLtMatmulAlgoGetHeuristic(
                            handle.handle(),
                            descriptor.handle(),
                            layouts.get(0).handle(),
                            layouts.get(1).handle(),
                            layouts.get(2).handle(),
                            layouts.get(3).handle(),
                            preference.handle(),
                            PROPOSALS,
                            results,
                            count));
        }
        List<Algorithm> usable = new ArrayList<>();
        for (int i = 0; i < count.get(C_INT, 0); i++) {
            MemorySegment result = cublasLtMatmulHeuristicResult_t.asSlice(results, i);
            if (cublasLtMatmulHeuristicResult_t.state(result) == CUBLAS_STATUS_SUCCESS()) {
                usable.add(new Algorithm(
                        cublasLtMatmulHeuristicResult_t.algo(result),
                        cublasLtMatmulHeuristicResult_t.workspaceSize(result)));
            }
        }
        if (usable.isEmpty()) {
            throw new IllegalStateException("cuBLASLt proposes no algorithm for a product that it says it computes");
        }
        return List.copyOf(usable);
    }

    private static int alignment(MemorySegment pointer) {
        return (int) Math.min(MOST_ALIGNMENT, Long.lowestOneBit(pointer.address()));
    }

    /** How many algorithms there are to choose from, at least 1; number 0 is the one that cuBLASLt expects to be fastest. */
    public int algorithms() {
        return algorithms.size();
    }

    /** Bytes of device memory, aligned to 256, that an algorithm works in. */
    public long workspaceBytes(int algorithm) {
        return algorithms.get(algorithm).workspaceBytes();
    }

    /**
     * Appends the product to {@code stream}.
     *
     * @param workspace address of as many bytes as {@link #workspaceBytes} says; nobody else's meanwhile
     */
    public void enqueue(CudaStream stream, int algorithm, long workspace) {
        Algorithm chosen = algorithms.get(algorithm);
        handle.library()
                .check(
                        "cublasLtMatmul",
                        cublasLtMatmul(
                                handle.handle(),
                                descriptor.handle(),
                                one,
                                pointers.get(0),
                                layouts.get(0).handle(),
                                pointers.get(1),
                                layouts.get(1).handle(),
                                beta,
                                pointers.get(2),
                                layouts.get(2).handle(),
                                pointers.get(3),
                                layouts.get(3).handle(),
                                chosen.bytes,
                                MemorySegment.ofAddress(workspace),
                                chosen.workspaceBytes,
                                stream.handle()));
    }

    @Override
    public void close() {
        scope.close();
    }
}
