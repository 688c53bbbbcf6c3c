package io.art2mus.backend.cuda;

import io.art2mus.ffi.cublaslt.Matmul;
import io.art2mus.ffi.cublaslt.MatrixElements;
import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.kernels.AttentionBackwardKernel;
import io.art2mus.kernels.AttentionKernel;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.SoftmaxKernel;
import org.jspecify.annotations.Nullable;

/**
 * Attention in one kernel that never writes the scores; heads that are too wide for it, which the autoencoder has one of, as product,
 * softmax, product.
 */
final class Attentions {
    /** Queries whose scores are in memory at once. */
    private static final long TILE = 1024;

    private final Lowering lowering;
    private final Products products;

    Attentions(Lowering lowering, Products products) {
        this.lowering = lowering;
        this.products = products;
    }

    void attention(Op.Attention op, Value result) {
        long width = op.query().shape().last() / op.heads();
        if (width > AttentionKernel.WIDEST) {
            new WideHeads(op, result, width).lower();
            return;
        }
        lowering.program()
                .then(AttentionKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        shape(op),
                        rows(op.query()),
                        rows(op.key()),
                        rows(op.value()),
                        bias(op.bias()),
                        rows(result),
                        0));
    }

    /** To queries, keys and values one after another along the positions of the result. */
    void gradient(TrainingOp.AttentionGradient op, Value result) {
        Op.Attention forward = op.forward();
        AttentionKernel.Shape shape = shape(forward);
        AttentionKernel.Rows queries = rows(result);
        AttentionBackwardKernel.@Nullable Context context = op.context()
                ? new AttentionBackwardKernel.Context(
                        further(queries, shape.queries()), further(queries, shape.queries() + shape.keys()))
                : null;
        lowering.program()
                .then(
                        AttentionBackwardKernel.workspaceBytes(
                                lowering.target().device(), lowering.elements(), shape, op.context()),
                        workspace -> AttentionBackwardKernel.launch(
                                lowering.kernels(),
                                lowering.arena(),
                                lowering.elements(),
                                shape,
                                rows(forward.query()),
                                rows(forward.key()),
                                rows(forward.value()),
                                bias(forward.bias()),
                                rows(op.gradient()),
                                queries,
                                context,
                                workspace));
    }

    private AttentionKernel.Rows further(AttentionKernel.Rows rows, long positions) {
        long bytes = positions * rows.rowStride() * lowering.elements().bytes();
        return new AttentionKernel.Rows(rows.address() + bytes, rows.batchStride(), rows.rowStride());
    }

    private static AttentionKernel.Shape shape(Op.Attention op) {
        return new AttentionKernel.Shape(
                Math.toIntExact(op.query().shape().extent(0)),
                op.heads(),
                Math.toIntExact(op.query().shape().extent(1)),
                Math.toIntExact(op.key().shape().extent(1)),
                Math.toIntExact(op.query().shape().last() / op.heads()),
                op.scale(),
                op.causal());
    }

    private AttentionKernel.Rows rows(Value value) {
        Tensors.Strided strided = lowering.strided(value);
        return new AttentionKernel.Rows(
                strided.address(), strided.strides().get(0), strided.strides().get(1));
    }

    private AttentionKernel.@Nullable Bias bias(@Nullable Value bias) {
        if (bias == null) {
            return null;
        }
        long keys = bias.shape().extent(2);
        long queries = bias.shape().extent(1);
        return new AttentionKernel.Bias(
                lowering.data(bias),
                lowering.elements(),
                bias.shape().extent(0) == 1 ? 0 : queries * keys,
                queries == 1 ? 0 : keys);
    }

    /** Heads one after the other, and of each some queries at a time. */
    private final class WideHeads {
        private final Op.Attention op;
        private final Value result;
        private final long width;
        private final long queries;
        private final long keys;
        private final Elements elements = lowering.elements();
        private final MatrixElements matrixElements = lowering.target().matrixElements();
        private final long scores;
        private final long probabilities;

        WideHeads(Op.Attention op, Value result, long width) {
            if (op.causal() || op.bias() != null) {
                throw new IllegalArgumentException("attention whose heads are " + width
                        + " wide takes neither a bias nor a causal mask on the GPU");
            }
            this.op = op;
            this.result = result;
            this.width = width;
            queries = op.query().shape().extent(1);
            keys = op.key().shape().extent(1);
            long count = Math.min(TILE, queries) * keys;
            scores = lowering.allocate(count * Float.BYTES);
            probabilities = elements == Elements.F32 ? scores : lowering.allocate(count * elements.bytes());
        }

        void lower() {
            for (long row = 0; row < op.query().shape().extent(0); row++) {
                for (int head = 0; head < op.heads(); head++) {
                    for (long first = 0; first < queries; first += TILE) {
                        lower(row, head, first, Math.min(TILE, queries - first));
                    }
                }
            }
        }

        private void lower(long row, int head, long first, long count) {
            Matmul.Rows scoreRows = new Matmul.Rows(scores, keys);
            multiply(
                    matrixElements,
                    MatrixElements.FLOAT32,
                    count,
                    keys,
                    width,
                    part(op.query(), row, head, first),
                    part(op.key(), row, head, 0),
                    true,
                    scoreRows);
            lowering.program()
                    .then(SoftmaxKernel.forward(
                            lowering.kernels(),
                            lowering.arena(),
                            elements,
                            count,
                            Math.toIntExact(keys),
                            op.scale(),
                            scores,
                            probabilities));
            multiply(
                    matrixElements,
                    matrixElements,
                    count,
                    width,
                    keys,
                    new Matmul.Rows(probabilities, keys),
                    part(op.value(), row, head, 0),
                    false,
                    part(result, row, head, first));
        }

        private void multiply(
                MatrixElements from,
                MatrixElements to,
                long rows,
                long columns,
                long inner,
                Matmul.Rows left,
                Matmul.Rows right,
                boolean rightTransposed,
                Matmul.Rows made) {
            products.multiply(new Matmul.Problem(
                    from,
                    to,
                    rows,
                    columns,
                    inner,
                    left,
                    false,
                    right,
                    rightTransposed,
                    Matmul.Epilogue.NONE,
                    0,
                    false,
                    made,
                    made));
        }

        /** A head's columns of a tensor, from one position on. */
        private Matmul.Rows part(Value value, long row, int head, long position) {
            Tensors.Strided strided = lowering.strided(value);
            long stride = strided.strides().get(1);
            long offset = row * strided.strides().get(0) + position * stride + head * width;
            return new Matmul.Rows(strided.address() + offset * elements.bytes(), stride);
        }
    }
}
