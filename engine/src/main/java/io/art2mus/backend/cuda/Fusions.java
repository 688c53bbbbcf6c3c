package io.art2mus.backend.cuda;

import io.art2mus.backend.cuda.Fused.View;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations as one where a library or a kernel can do so. Every launch that is saved is a pass over memory less and about two
 * microseconds of a step.
 *
 * <ul>
 *   <li>bias, residual and GELU happen in a product's epilogue, bias, residual and leaky ReLU in a convolution's;
 *   <li>Linear layers that read the same tensor, and are read by the same attention alone, are one product: queries, keys and values;
 *   <li>parts of tensors that attention and concatenations alone read are not copied;
 *   <li>group normalisation joins the skip to its input, adds the time embedding before, and applies SiLU after; what comes back passes SiLU
 *       and normalisation at once, and what lies between the two is never kept.
 * </ul>
 */
final class Fusions {
    private final Graph graph;
    private final Uses uses;
    private final Set<Graph.Node> absorbed = new HashSet<>();
    private final Map<Value, View> views = new HashMap<>();
    private final List<Work> steps = new ArrayList<>();
    private int ownValues;

    private Fusions(Graph graph) {
        this.graph = graph;
        uses = new Uses(graph);
        for (Graph.Node node : graph.nodes()) {
            if (!absorbed.contains(node)) {
                append(node);
            }
        }
    }

    static Fused of(Graph graph) {
        Fusions fusions = new Fusions(graph);
        return new Fused(List.copyOf(fusions.steps), graph.parameters(), Map.copyOf(fusions.views));
    }

    private void append(Graph.Node node) {
        switch (node.op()) {
            case Op.Linear op -> appendLinear(node, op);
            case Op.Conv2d op -> appendConvolution(node, op);
            case TrainingOp.LinearInputGradient op ->
                steps.add(withResidual(wayBack(node, op.gradient(), op.weight())));
            case Op.ConvTranspose2d op
            when op.bias() == null && isOfOnePosition(op.x(), op.weight(), op.window(), node.result()) ->
                steps.add(withResidual(wayBack(node, op.x(), op.weight())));
            case Op.ConvTranspose2d _ -> steps.add(withResidual(node));
            case Op.GroupNorm op -> appendNorm(node, op);
            case TrainingOp.GroupNormGradient op -> appendNormBackward(node, op);
            case TrainingOp.ElementwiseGradient op when isOfNormBackward(node, op) -> {
                // What comes back through the normalisation comes back through SiLU too.
            }
            case Op.Add op when shiftOfNorm(node, op) != null -> {
                // The normalisation that reads it adds it.
            }
            case Op.SelectRow _ when isShiftOnly(node.result()) -> {
                // The normalisation that adds the row takes it from the table.
            }
            case Op.Concat op when isWrittenByNorm(node, op) -> steps.add(new Work.Reserved(node));
            case Op.Slice op
            when isReadInPlace(node.result()) && !isParameter(op.x()) -> views.put(node.result(), view(op));
            case Op.Reshape _ -> {
                // Another name for memory that is there already.
            }
            default -> appendSingle(node);
        }
    }

    private void appendSingle(Graph.Node node) {
        steps.add(new Work.Single(node, node.operands().stream().map(this::base).toList()));
    }

    /** The tensor whose memory an operand lies in. */
    private Value base(Value value) {
        View view = views.get(value);
        return view == null ? value : view.base();
    }

    private void appendLinear(Graph.Node node, Op.Linear op) {
        List<Graph.Node> packed = packed(node, op);
        if (packed.size() > 1) {
            appendPacked(op, packed);
            return;
        }
        Work.Product product = product(node, op.x(), op.weight(), op.bias());
        Graph.@Nullable Node reader = uses.soleReader(node.result());
        if (reader != null && isFunction(reader, Op.Elementwise.Function.GELU_TANH)) {
            steps.add(new Work.Product(
                    node, op.x(), product.weights(), false, product.biases(), true, null, absorbed(reader)));
        } else {
            steps.add(withResidual(product));
        }
    }

    private static boolean isFunction(Graph.Node node, Op.Elementwise.Function function) {
        return node.op() instanceof Op.Elementwise elementwise && elementwise.function() == function;
    }

    private static Work.Product product(Graph.Node node, Value x, Value weight, @Nullable Value bias) {
        List<Value> biases = bias == null ? List.of() : List.of(bias);
        return new Work.Product(node, x, List.of(weight), false, biases, false, null, node.result());
    }

    private static Work.Product wayBack(Graph.Node node, Value gradient, Value weight) {
        return new Work.Product(node, gradient, List.of(weight), true, List.of(), false, null, node.result());
    }

    /** The Linear layers that make one product with this one: itself alone, or all that read its operand for the same attention. */
    private List<Graph.Node> packed(Graph.Node node, Op.Linear op) {
        if (!isPackable(node)) {
            return List.of(node);
        }
        return uses.readers(op.x()).stream()
                .filter(other -> isPackable(other)
                        && other.op() instanceof Op.Linear linear
                        && linear.x().equals(op.x())
                        && isFirstReader(uses.readers(node.result()).getFirst(), other.result())
                        && (linear.bias() == null) == (op.bias() == null))
                .toList();
    }

    private boolean isPackable(Graph.Node node) {
        return node.op() instanceof Op.Linear linear
                && isParameter(linear.weight())
                && (linear.bias() == null || isParameter(linear.bias()))
                && !uses.readers(node.result()).isEmpty()
                && isReadInPlace(node.result());
    }

    private void appendPacked(Op.Linear first, List<Graph.Node> nodes) {
        long channels =
                nodes.stream().mapToLong(node -> node.result().shape().last()).sum();
        Value whole = fresh(first.x().shape().withLast(channels));
        List<Value> weights = new ArrayList<>();
        List<Value> biases = new ArrayList<>();
        long offset = 0;
        for (Graph.Node node : nodes) {
            Op.Linear linear = (Op.Linear) node.op();
            weights.add(linear.weight());
            if (linear.bias() != null) {
                biases.add(linear.bias());
            }
            views.put(node.result(), new View(whole, offset));
            offset += node.result().shape().last();
        }
        absorbed.addAll(nodes);
        steps.add(new Work.Product(nodes.getFirst(), first.x(), weights, false, biases, false, null, whole));
    }

    private void appendConvolution(Graph.Node node, Op.Conv2d op) {
        if (isOfOnePosition(op.x(), op.weight(), op.window(), node.result())) {
            steps.add(withResidual(product(node, op.x(), op.weight(), op.bias())));
            return;
        }
        steps.add(withResidual(node));
    }

    private Work.Convolution withResidual(Graph.Node convolution) {
        Residual residual = residual(convolution);
        return activated(
                residual == null
                        ? new Work.Convolution(convolution, null, null, convolution.result())
                        : new Work.Convolution(convolution, residual.value(), null, absorbed(residual.sum())));
    }

    private static boolean isOfOnePosition(Value x, Value weight, Window window, Value result) {
        return weight.shape().extent(2) == 1
                && weight.shape().extent(3) == 1
                && window.strideHeight() == 1
                && window.strideWidth() == 1
                && x.shape().withLast(1).equals(result.shape().withLast(1))
                && window.top() + window.left() == 0;
    }

    private Work.Product withResidual(Work.Product product) {
        Residual residual = residual(product.node());
        return residual == null
                ? product
                : new Work.Product(
                        product.node(),
                        product.x(),
                        product.weights(),
                        product.back(),
                        product.biases(),
                        false,
                        residual.value(),
                        absorbed(residual.sum()));
    }

    private Work.Convolution activated(Work.Convolution convolution) {
        Graph.@Nullable Node reader = uses.soleReader(convolution.result());
        if (reader == null || !(reader.op() instanceof Op.LeakyRelu relu)) {
            return convolution;
        }
        return new Work.Convolution(convolution.node(), convolution.residual(), relu.slope(), absorbed(reader));
    }

    private Value absorbed(Graph.Node node) {
        absorbed.add(node);
        return node.result();
    }

    /** Another tensor that is there before {@code node} runs, and the sum of both, which alone reads what the node makes. */
    private record Residual(Value value, Graph.Node sum) {}

    private @Nullable Residual residual(Graph.Node node) {
        Graph.@Nullable Node reader = uses.soleReader(node.result());
        if (reader == null || !(reader.op() instanceof Op.Add sum)) {
            return null;
        }
        Value other = sum.a().equals(node.result()) ? sum.b() : sum.a();
        boolean fits = other.shape().equals(node.result().shape())
                && uses.isThereBefore(other, node)
                && !views.containsKey(other)
                && shiftOfNorm(reader, sum) == null;
        return fits ? new Residual(other, reader) : null;
    }

    private void appendNorm(Graph.Node node, Op.GroupNorm op) {
        Value x = op.x();
        @Nullable Value second = null;
        @Nullable Value joined = null;
        Work.@Nullable Shift shift = null;
        Graph.@Nullable Node maker = uses.maker(x);
        if (maker != null && maker.op() instanceof Op.Add sum) {
            shift = shiftOfNorm(maker, sum);
            x = shift == null ? x : sum.a();
        }
        if (maker != null
                && maker.op() instanceof Op.Concat concat
                && isWrittenByNorm(maker, concat)
                && isFirstReader(node, maker.result())) {
            x = concat.parts().get(0);
            second = concat.parts().get(1);
            joined = maker.result();
        }
        List<Graph.Node> readers = uses.readers(node.result()).stream()
                .filter(reader -> !(reader.op() instanceof TrainingOp.ElementwiseGradient back)
                        || !isOfNormBackward(reader, back))
                .toList();
        boolean read = !readers.isEmpty() || uses.isOutput(node.result());
        if (!read && joined == null) {
            return;
        }
        boolean silu = readers.size() == 1
                && !uses.isOutput(node.result())
                && isFunction(readers.getFirst(), Op.Elementwise.Function.SILU);
        Value result = silu ? absorbed(readers.getFirst()) : node.result();
        steps.add(new Work.Norm(node, op, x, second, joined, shift, silu, result));
    }

    private void appendNormBackward(Graph.Node node, TrainingOp.GroupNormGradient op) {
        Graph.@Nullable Node maker = uses.maker(op.gradient());
        if (maker != null
                && maker.op() instanceof TrainingOp.ElementwiseGradient back
                && isOfNormBackward(maker, back)) {
            steps.add(new Work.NormBackward(node, op.forward(), back.gradient(), true));
        } else {
            steps.add(new Work.NormBackward(node, op.forward(), op.gradient(), false));
        }
    }

    /** Whether what comes back through SiLU goes on through the normalisation before it, and nowhere else. */
    private boolean isOfNormBackward(Graph.Node node, TrainingOp.ElementwiseGradient op) {
        Graph.@Nullable Node norm = uses.maker(op.forward().x());
        Graph.@Nullable Node reader = uses.soleReader(node.result());
        return op.forward().function() == Op.Elementwise.Function.SILU
                && norm != null
                && reader != null
                && reader.op() instanceof TrainingOp.GroupNormGradient back
                && back.forward().equals(norm.op());
    }

    /** Whether the first to read a concatenation of two along the channels is a group normalisation. */
    private boolean isWrittenByNorm(Graph.Node node, Op.Concat op) {
        List<Graph.Node> readers = uses.readers(node.result());
        return op.parts().size() == 2
                && op.axis() == 3
                && !readers.isEmpty()
                && readers.getFirst().op() instanceof Op.GroupNorm
                && op.parts().stream().noneMatch(part -> views.containsKey(part) || isParameter(part));
    }

    private boolean isFirstReader(Graph.Node node, Value value) {
        return uses.readers(value).getFirst().equals(node);
    }

    private boolean isParameter(Value value) {
        return graph.parameters().containsKey(value);
    }

    /** What a sum adds to each channel, where only a group normalisation reads the sum; null where it is another sum. */
    private Work.@Nullable Shift shiftOfNorm(Graph.Node node, Op.Add sum) {
        Graph.@Nullable Node reader = uses.soleReader(node.result());
        Shape rows = sum.b().shape();
        if (reader == null
                || !(reader.op() instanceof Op.GroupNorm)
                || rows.rank() != 4
                || rows.extent(1) != 1
                || rows.extent(2) != 1
                || rows.last() != sum.a().shape().last()
                || isParameter(sum.b())) {
            return null;
        }
        Graph.@Nullable Node maker = uses.maker(uses.origin(sum.b()));
        return maker != null && maker.op() instanceof Op.SelectRow row && rows.extent(0) == 1
                ? new Work.Shift(row.table(), row.position())
                : new Work.Shift(sum.b(), null);
    }

    /** Whether everybody who reads a row, under whatever name, adds it to the channels of what is then normalised. */
    private boolean isShiftOnly(Value row) {
        if (uses.isOutput(row)) {
            return false;
        }
        return uses.readers(row).stream().allMatch(reader -> switch (reader.op()) {
            case Op.Reshape _ -> isShiftOnly(reader.result());
            case Op.Add sum -> sum.b().equals(row) && !sum.a().equals(row) && shiftOfNorm(reader, sum) != null;
            default -> false;
        });
    }

    /** Whether attention, as query, key or value, and concatenations alone read a part of a tensor. */
    private boolean isReadInPlace(Value part) {
        return !uses.isOutput(part)
                && uses.readers(part).stream().allMatch(reader -> switch (reader.op()) {
                    case Op.Attention attention -> !part.equals(attention.bias());
                    case TrainingOp.AttentionGradient back ->
                        !part.equals(back.forward().bias());
                    case Op.Concat concat -> !isWrittenByNorm(reader, concat);
                    default -> false;
                });
    }

    private View view(Op.Slice op) {
        View outer = views.get(op.x());
        Value base = outer == null ? op.x() : outer.base();
        long offset = outer == null ? 0 : outer.offset();
        return new View(base, offset + op.start() * base.shape().strides().get(op.axis()));
    }

    /** A value of this backend's own: numbered from -1 down, where a graph's are from 0 up. */
    private Value fresh(Shape shape) {
        return new Value(- ++ownValues, shape, Value.Kind.REAL);
    }
}
