package io.art2mus.graph;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What comes back through one operation to each of its operands, as more operations. */
final class VectorJacobianProduct {
    private final GraphBuilder at;
    private final Predicate<Value> wanted;
    private final Receiver receiver;

    /** Takes the gradient to an operand. */
    @FunctionalInterface
    interface Receiver {
        void accept(GraphBuilder at, Value operand, Value gradient);
    }

    /**
     * Prepares the way back through one operation.
     *
     * @param at where the operation stands
     * @param wanted the values that need a gradient
     */
    VectorJacobianProduct(GraphBuilder at, Predicate<Value> wanted, Receiver receiver) {
        this.at = at;
        this.wanted = wanted;
        this.receiver = receiver;
    }

    /** Appends what brings {@code gradient}, of the operation's result, to its operands. */
    void of(Op operation, Value gradient) {
        switch (operation) {
            case Op.Conv2d op -> convolution(op, gradient);
            case Op.ConvTranspose2d op -> transposedConvolution(op, gradient);
            case Op.Linear op -> linear(op, gradient);
            case Op.Attention op -> attention(op, gradient);
            case Op.GroupNorm op -> {
                requireFrozen(op, List.of(op.scale(), op.shift()));
                give(op.x(), at.training(() -> new TrainingOp.GroupNormGradient(op, gradient)));
            }
            case Op.LayerNorm op -> {
                requireFrozen(op, List.of(op.scale(), op.shift()));
                give(op.x(), at.training(() -> new TrainingOp.LayerNormGradient(op, gradient)));
            }
            case Op.Elementwise op -> give(op.x(), at.training(() -> new TrainingOp.ElementwiseGradient(op, gradient)));
            case Op.Geglu op -> give(op.x(), at.training(() -> new TrainingOp.GegluGradient(op, gradient)));
            case Op.Add op -> sum(op, gradient);
            case Op.Scale op -> give(op.x(), at.scale(gradient, op.factor()));
            case Op.Concat op -> concat(op, gradient);
            case Op.Slice op -> {
                long after = op.x().shape().extent(op.axis()) - op.start() - op.length();
                give(op.x(), at.training(() -> new TrainingOp.Pad(gradient, op.axis(), op.start(), after)));
            }
            case Op.UpsampleNearest op ->
                give(op.x(), at.training(() -> new TrainingOp.UpsampleNearestGradient(gradient)));
            case Op.Reshape op ->
                give(op.x(), at.reshape(gradient, op.x().shape().extents()));
            case TrainingOp.Convert op ->
                give(op.x(), converted(gradient, op.x().kind()));
            case TrainingOp.MeanSquaredError op -> {
                requireFrozen(op, List.of(op.target()));
                give(op.prediction(), at.training(() -> new TrainingOp.MeanSquaredErrorGradient(op, gradient)));
            }
            case Op.LeakyRelu _, Op.SelectRow _ -> throw without(operation);
            // Nothing here is differentiated twice.
            case TrainingOp _ -> throw without(operation);
        }
    }

    /** The transposed convolution, whose zeros are fewer where the last step of the kernel left positions out. */
    private void convolution(Op.Conv2d op, Value gradient) {
        requireFrozen(op, op.operands().subList(1, op.operands().size()));
        Window window = op.window();
        Shape in = op.x().shape();
        Shape kernel = op.weight().shape();
        long reach = (gradient.shape().extent(1) - 1) * window.strideHeight() + kernel.extent(2);
        long across = (gradient.shape().extent(2) - 1) * window.strideWidth() + kernel.extent(3);
        Window back = new Window(
                window.strideHeight(),
                window.strideWidth(),
                window.dilationHeight(),
                window.dilationWidth(),
                window.top(),
                window.left(),
                Math.toIntExact(reach - window.top() - in.extent(1)),
                Math.toIntExact(across - window.left() - in.extent(2)));
        give(op.x(), at.convTranspose2d(gradient, op.weight(), null, back));
    }

    private void transposedConvolution(Op.ConvTranspose2d op, Value gradient) {
        requireFrozen(op, op.operands().subList(1, op.operands().size()));
        give(op.x(), at.conv2d(gradient, op.weight(), null, op.window()));
    }

    private void linear(Op.Linear op, Value gradient) {
        if (wanted.test(op.x())) {
            give(op.x(), at.training(() -> new TrainingOp.LinearInputGradient(gradient, op.weight())));
        }
        if (wanted.test(op.weight())) {
            Value sum = at.training(() -> new TrainingOp.LinearWeightGradient(op.x(), gradient));
            give(op.weight(), sum);
        }
        Value bias = op.bias();
        if (bias != null && wanted.test(bias)) {
            give(
                    bias,
                    at.reshape(
                            summed(
                                    gradient,
                                    ones(gradient).withLast(bias.shape().last())),
                            bias.shape().last()));
        }
    }

    private void attention(Op.Attention op, Value gradient) {
        Value bias = op.bias();
        if (bias != null) {
            requireFrozen(op, List.of(bias));
        }
        boolean context = wanted.test(op.key()) || wanted.test(op.value());
        Value all = at.training(() -> new TrainingOp.AttentionGradient(op, gradient, context));
        long queries = op.query().shape().extent(1);
        if (!context) {
            give(op.query(), all);
            return;
        }
        long keys = op.key().shape().extent(1);
        giveSlice(op.query(), all, 1, 0, queries);
        giveSlice(op.key(), all, 1, queries, keys);
        giveSlice(op.value(), all, 1, queries + keys, keys);
    }

    private void sum(Op.Add op, Value gradient) {
        give(op.a(), gradient);
        if (wanted.test(op.b())) {
            boolean repeats = !op.b().shape().equals(gradient.shape());
            give(
                    op.b(),
                    repeats ? converted(summed(gradient, op.b().shape()), op.b().kind()) : gradient);
        }
    }

    private void concat(Op.Concat op, Value gradient) {
        long start = 0;
        for (Value part : op.parts()) {
            long length = part.shape().extent(op.axis());
            giveSlice(part, gradient, op.axis(), start, length);
            start += length;
        }
    }

    private void giveSlice(Value operand, Value gradient, int axis, long start, long length) {
        if (wanted.test(operand)) {
            give(operand, at.slice(gradient, axis, start, length));
        }
    }

    private Value summed(Value gradient, Shape shape) {
        return at.training(() -> new TrainingOp.SumTo(gradient, shape));
    }

    private static Shape ones(Value value) {
        long[] extents = new long[value.shape().rank()];
        Arrays.fill(extents, 1);
        return Shape.of(extents);
    }

    private Value converted(Value gradient, Value.Kind kind) {
        return gradient.kind() == kind ? gradient : at.training(() -> new TrainingOp.Convert(gradient, kind));
    }

    private void give(Value operand, Value gradient) {
        if (wanted.test(operand)) {
            receiver.accept(at, operand, gradient);
        }
    }

    private void requireFrozen(Op operation, List<Value> operands) {
        if (operands.stream().anyMatch(wanted)) {
            throw without(operation);
        }
    }

    private IllegalArgumentException without(Op operation) {
        return new IllegalArgumentException(
                at.path() + ": no gradient passes a " + operation.getClass().getSimpleName() + " this way");
    }
}
