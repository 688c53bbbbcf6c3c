package io.art2mus.graph;

/**
 * What a computation amounts to, by its shapes alone. Of the arithmetic, products are counted: all else is bound by memory, and what
 * it costs is told by the bytes.
 *
 * @param operations floating-point operations of products and convolutions, two a multiply-add; without the bias
 * @param elements tensor elements that every operation reads and writes once, weights included, as if none were fused
 */
public record Work(long operations, long elements) {
    /** Nothing. */
    public static final Work NONE = new Work(0, 0);

    /** What one operation amounts to. */
    public static Work of(Op op) {
        return new Work(2 * multiplications(op), op instanceof Op.Reshape ? 0 : elements(op));
    }

    /** What a graph's operations amount to together. */
    public static Work of(Graph graph) {
        return graph.nodes().stream().map(node -> of(node.op())).reduce(NONE, Work::plus);
    }

    /** Both together. */
    public Work plus(Work other) {
        return new Work(operations + other.operations, elements + other.elements);
    }

    private static long multiplications(Op op) {
        return switch (op) {
            case Op.Conv2d convolution -> op.result().elements() * tapsAndChannels(convolution.weight());
            case Op.ConvTranspose2d convolution ->
                convolution.x().shape().elements() * tapsAndChannels(convolution.weight());
            case Op.Linear linear -> op.result().elements() * linear.x().shape().last();
            case Op.Attention attention ->
                2 * pairs(attention) * attention.query().shape().last();
            case Op.GroupNorm _,
                    Op.LayerNorm _,
                    Op.Elementwise _,
                    Op.LeakyRelu _,
                    Op.Geglu _,
                    Op.Add _,
                    Op.Scale _,
                    Op.Concat _,
                    Op.Slice _,
                    Op.UpsampleNearest _,
                    Op.Reshape _,
                    Op.SelectRow _ -> 0;
            case TrainingOp training -> multiplications(training);
        };
    }

    /** Attention's gradient computes the scores again. */
    private static long multiplications(TrainingOp op) {
        return switch (op) {
            case TrainingOp.LinearInputGradient product ->
                product.gradient().shape().elements() * op.result().last();
            case TrainingOp.LinearWeightGradient product ->
                product.x().shape().elements() * op.result().extent(0);
            case TrainingOp.AttentionGradient attention ->
                (attention.context() ? 5 : 3)
                        * pairs(attention.forward())
                        * attention.gradient().shape().last();
            case TrainingOp.Convert _,
                    TrainingOp.GroupNormGradient _,
                    TrainingOp.LayerNormGradient _,
                    TrainingOp.ElementwiseGradient _,
                    TrainingOp.GegluGradient _,
                    TrainingOp.UpsampleNearestGradient _,
                    TrainingOp.Pad _,
                    TrainingOp.SumTo _,
                    TrainingOp.MeanSquaredError _,
                    TrainingOp.MeanSquaredErrorGradient _ -> 0;
        };
    }

    /** Channels on a kernel's second axis times its taps: [out, in, ...] and, transposed, [in, out, ...]. */
    private static long tapsAndChannels(Value weight) {
        Shape kernel = weight.shape();
        return kernel.extent(1) * kernel.extent(2) * kernel.extent(3);
    }

    /** Pairs of a query and a key that it sees. */
    private static long pairs(Op.Attention attention) {
        long rows = attention.query().shape().extent(0);
        long queries = attention.query().shape().extent(1);
        long keys = attention.key().shape().extent(1);
        return rows * (attention.causal() ? queries * (queries + 1) / 2 : queries * keys);
    }

    /** A selected row is read alone, not its table. */
    private static long elements(Op op) {
        long read = switch (op) {
            case Op.SelectRow _, Op.Slice _ -> op.result().elements();
            default ->
                op.operands().stream()
                        .mapToLong(operand -> operand.shape().elements())
                        .sum();
        };
        return read + op.result().elements();
    }
}
