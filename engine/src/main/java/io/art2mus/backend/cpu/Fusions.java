package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Op;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations as one where a primitive can do so: what follows a convolution or a Linear element by element, and alone reads
 * its result, happens before that result is written. It saves a pass over memory and, in bfloat16, a rounding. A group normalisation
 * takes functions, and a convolution of a doubled picture doubles it itself where that is faster.
 *
 * <p>Only neighbours are joined, so that nothing waits for what is made later and keeps its own operands alive meanwhile.
 */
final class Fusions {
    private final Map<Value, Integer> readers = new HashMap<>();
    private final Set<Value> outputs;
    private final Map<Value, Parameter> parameters;
    private final List<FusedStep> steps = new ArrayList<>();
    private final BiPredicate<Op.UpsampleNearest, Op.Conv2d> doubles;
    private int ownValues;

    private Fusions(Graph graph, BiPredicate<Op.UpsampleNearest, Op.Conv2d> doubles) {
        this.doubles = doubles;
        outputs = new HashSet<>(graph.outputs().values());
        parameters = new LinkedHashMap<>(graph.parameters());
        for (Graph.Node node : graph.nodes()) {
            node.operands().forEach(operand -> readers.merge(operand, 1, Integer::sum));
        }
        graph.nodes().forEach(this::append);
    }

    /**
     * What is run.
     *
     * @param steps in order
     * @param parameters the graph's, and halves of some
     */
    record Fused(List<FusedStep> steps, Map<Value, Parameter> parameters) {}

    /** @param doubles whether a convolution with a frozen kernel shall double its picture itself */
    static Fused of(Graph graph, BiPredicate<Op.UpsampleNearest, Op.Conv2d> doubles) {
        Fusions fusions = new Fusions(graph, doubles);
        return new Fused(List.copyOf(fusions.steps), fusions.parameters);
    }

    private void append(Graph.Node node) {
        Value result = node.result();
        boolean joined = switch (node.op()) {
            case Op.Elementwise op -> joined(op.x(), PostOperation.Function.of(op), result);
            case Op.LeakyRelu op -> joined(op.x(), PostOperation.Function.of(op), result);
            case Op.Scale op -> joined(op.x(), PostOperation.Function.of(op), result);
            case Op.Add op -> joinedSum(op, result);
            case Op.Geglu op -> splitGate(op, result);
            case Op.Conv2d op -> doubled(op, node);
            default -> false;
        };
        if (!joined) {
            steps.add(FusedStep.of(node));
        }
    }

    private boolean joinedSum(Op.Add op, Value result) {
        return joined(op.a(), new PostOperation.Combination(BinaryAlgorithm.ADD, op.b()), result)
                || (op.b().shape().equals(result.shape())
                        && joined(op.b(), new PostOperation.Combination(BinaryAlgorithm.ADD, op.a()), result));
    }

    private boolean joined(Value x, PostOperation operation, Value result) {
        FusedStep maker = soleMaker(x);
        if (maker == null || !takes(maker.node().op(), operation)) {
            return false;
        }
        steps.removeLast();
        steps.add(maker.then(operation, result));
        return true;
    }

    /** The step before, where it makes {@code value} and nobody else will read that. */
    private @Nullable FusedStep soleMaker(Value value) {
        boolean readOnce = readers.getOrDefault(value, 0) == 1 && !outputs.contains(value);
        return readOnce && !steps.isEmpty() && steps.getLast().result().equals(value) ? steps.getLast() : null;
    }

    private static boolean takes(Op maker, PostOperation operation) {
        if (maker instanceof Op.GroupNorm) {
            return operation instanceof PostOperation.Function;
        }
        boolean multiplies = maker instanceof Op.Conv2d
                || maker instanceof Op.Linear
                || maker instanceof TrainingOp.LinearInputGradient;
        if (!multiplies) {
            return false;
        }
        return !(operation instanceof PostOperation.Combination combination)
                || isLikeOrOneAChannel(combination.operand().shape(), maker.result());
    }

    private static boolean isLikeOrOneAChannel(Shape operand, Shape result) {
        return operand.equals(result) || (operand.elements() == operand.last() && operand.last() == result.last());
    }

    /**
     * A Linear that only a GEGLU reads is two products with half of the weight each: the gate, through GELU, then the value,
     * times the gate.
     */
    private boolean splitGate(Op.Geglu geglu, Value result) {
        FusedStep maker = soleMaker(geglu.x());
        if (maker == null
                || !maker.after().isEmpty()
                || !(maker.node().op() instanceof Op.Linear linear)
                || !parameters.containsKey(linear.weight())) {
            return false;
        }
        long channels = result.shape().last();
        Value gate = fresh(result.shape());
        steps.removeLast();
        String path = maker.node().path();
        FusedStep gating = FusedStep.of(new Graph.Node(path, rows(linear, channels, channels), gate));
        steps.add(gating.then(new PostOperation.Function(EltwiseAlgorithm.GELU_ERF, 0), gate));
        FusedStep valuing = FusedStep.of(new Graph.Node(path, rows(linear, 0, channels), result));
        steps.add(valuing.then(new PostOperation.Combination(BinaryAlgorithm.MUL, gate), result));
        return true;
    }

    /** A convolution that alone reads a doubled picture may double it itself. */
    private boolean doubled(Op.Conv2d op, Graph.Node node) {
        FusedStep maker = soleMaker(op.x());
        if (maker == null
                || !(maker.node().op() instanceof Op.UpsampleNearest upsample)
                || !parameters.containsKey(op.weight())
                || !doubles.test(upsample, op)) {
            return false;
        }
        steps.removeLast();
        steps.add(FusedStep.doubling(upsample.x(), node));
        return true;
    }

    private Op.Linear rows(Op.Linear linear, long first, long count) {
        Value bias = linear.bias();
        return new Op.Linear(
                linear.x(), rows(linear.weight(), first, count), bias == null ? null : rows(bias, first, count));
    }

    private Value rows(Value value, long first, long count) {
        @Nullable Parameter whole = parameters.get(value);
        if (whole == null) {
            throw new IllegalStateException(value + " is no parameter");
        }
        Value rows = fresh(value.shape().with(0, count));
        parameters.put(rows, whole.rows(first, count));
        return rows;
    }

    /** A value of this backend's own: numbered from -1 down, where a graph's are from 0 up. */
    private Value fresh(Shape shape) {
        return new Value(- ++ownValues, shape, Value.Kind.REAL);
    }
}
