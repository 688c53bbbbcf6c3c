package io.art2mus.backend.cuda;

import io.art2mus.ffi.cublaslt.Matmul;
import io.art2mus.ffi.cublaslt.Matmul.Epilogue;
import io.art2mus.ffi.cublaslt.Matmul.Rows;
import io.art2mus.ffi.cublaslt.MatrixElements;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.List;

/** Matrix products by cuBLASLt, all axes but the innermost taken as rows. */
final class Products {
    /** What NVIDIA recommends for its newest GPUs; older ones want less. */
    private static final long MOST_WORKSPACE = 32 << 20;

    private final Lowering lowering;

    Products(Lowering lowering) {
        this.lowering = lowering;
    }

    void product(Work.Product work) {
        long in = work.x().shape().last();
        long out = work.result().shape().last();
        long rows = work.result().shape().elements() / out;
        boolean biased = !work.biases().isEmpty();
        Rows result = new Rows(lowering.data(work.result()), out);
        Value residual = work.residual();
        multiply(new Matmul.Problem(
                lowering.target().matrixElements(),
                lowering.target().matrixElements(),
                rows,
                out,
                in,
                new Rows(lowering.data(work.x()), in),
                false,
                new Rows(stacked(work.weights()), work.back() ? out : in),
                !work.back(),
                epilogue(biased, work.gelu()),
                biased ? stacked(work.biases()) : 0,
                residual != null,
                residual == null ? result : new Rows(lowering.data(residual), out),
                result));
    }

    /** {@code gradientᵀ · x} in float32. */
    void weightGradient(TrainingOp.LinearWeightGradient op, Value result) {
        long in = op.x().shape().last();
        long out = op.gradient().shape().last();
        Rows sums = new Rows(lowering.data(result), in);
        multiply(new Matmul.Problem(
                lowering.target().matrixElements(),
                MatrixElements.FLOAT32,
                out,
                in,
                op.x().shape().elements() / in,
                new Rows(lowering.data(op.gradient()), out),
                true,
                new Rows(lowering.data(op.x()), in),
                false,
                Epilogue.NONE,
                0,
                false,
                sums,
                sums));
    }

    private static Epilogue epilogue(boolean biased, boolean gelu) {
        if (gelu) {
            return biased ? Epilogue.BIAS_GELU : Epilogue.GELU;
        }
        return biased ? Epilogue.BIAS : Epilogue.NONE;
    }

    /** Address of one operand, or of several parameters one after the other. */
    private long stacked(List<Value> values) {
        return values.size() == 1
                ? lowering.data(values.getFirst())
                : lowering.weights().address(values, Layout.PLAIN);
    }

    /** Runs a product next, by the fastest algorithm. */
    void multiply(Matmul.Problem problem) {
        Program program = lowering.program();
        Target target = lowering.target();
        Matmul matmul = program.own(Matmul.prepare(target.products(), problem, MOST_WORKSPACE));
        int algorithm = target.choices().fastest(question(problem), new Algorithms(matmul));
        program.thenCall(
                matmul.workspaceBytes(algorithm),
                workspace -> () -> matmul.enqueue(target.stream(), algorithm, workspace));
    }

    /** Everything about a product but where it lies. */
    private static String question(Matmul.Problem problem) {
        return String.join(
                " ",
                "product",
                problem.elements() + "→" + problem.resultElements(),
                problem.rows() + "×" + problem.inner() + "×" + problem.columns(),
                "strides",
                String.valueOf(problem.left().stride()),
                String.valueOf(problem.right().stride()),
                String.valueOf(problem.addend().stride()),
                String.valueOf(problem.result().stride()),
                (problem.leftTransposed() ? "left transposed " : "")
                        + (problem.rightTransposed() ? "transposed" : "plain"),
                problem.epilogue().toString(),
                problem.adds() ? "adds" : "");
    }

    private record Algorithms(Matmul matmul) implements Choices.Candidates {
        @Override
        public int count() {
            return matmul.algorithms();
        }

        @Override
        public long workspaceBytes(int candidate) {
            return matmul.workspaceBytes(candidate);
        }

        @Override
        public void enqueue(CudaStream stream, int candidate, long workspace) {
            matmul.enqueue(stream, candidate, workspace);
        }
    }
}
