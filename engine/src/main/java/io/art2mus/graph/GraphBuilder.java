package io.art2mus.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Appends operations to a graph, from a place in the model. Places nest as parameter paths do, so that
 * {@code at("down_blocks").at(1)} is both where a layer stands and where its weights are. Shapes are checked as operations
 * are appended; a {@link ShapeException} names the place.
 */
public final class GraphBuilder {
    private final Growing growing;
    private final @Nullable ParameterSource source;
    private final String path;
    private final String prefix;

    /** What all places of one graph share. */
    private static final class Growing {
        private final Map<String, Value> inputs = new LinkedHashMap<>();
        private final Map<Value, Parameter> parameters = new LinkedHashMap<>();
        private final Map<Parameter, Value> known = new LinkedHashMap<>();
        private final List<Graph.Node> nodes = new ArrayList<>();
        private final Map<String, Value> outputs = new LinkedHashMap<>();
        /** By identity, for the values of two graphs may be equal. */
        private final Set<Value> values = Collections.newSetFromMap(new IdentityHashMap<>());

        private Value newValue(Shape shape, Value.Kind kind) {
            Value value = new Value(values.size(), shape, kind);
            values.add(value);
            return value;
        }
    }

    private GraphBuilder(Growing growing, @Nullable ParameterSource source, String path, String prefix) {
        this.growing = growing;
        this.source = source;
        this.path = path;
        this.prefix = prefix;
    }

    /** An empty graph that begins with one part of a checkpoint, such as {@code unet}. */
    public static GraphBuilder create(String part, ParameterSource source) {
        return new GraphBuilder(new Growing(), source, part, "");
    }

    /** The place {@code name} below this one. */
    public GraphBuilder at(String name) {
        return new GraphBuilder(growing, source, path + "." + name, prefix + name + ".");
    }

    /** The numbered place below this one, as in PyTorch's module lists. */
    public GraphBuilder at(int index) {
        return at(Integer.toString(index));
    }

    /** The same graph at the root of another part of the checkpoint, whose parameters come from {@code other}. */
    public GraphBuilder part(String name, ParameterSource other) {
        return new GraphBuilder(growing, other, name, "");
    }

    /**
     * The same graph at the root of a part that is being trained: its parameters are inputs, in float32 and named by their whole path,
     * such as {@code image_projection.projection1.weight}.
     */
    public GraphBuilder trainedPart(String name) {
        return new GraphBuilder(growing, null, name, "");
    }

    /** The same graph at a place where an operation stands already, to append what belongs to it; it has no parameters. */
    GraphBuilder standingAt(String place) {
        return new GraphBuilder(growing, null, place, "");
    }

    /** Where this builder stands. */
    public String path() {
        return path;
    }

    /** The parameter {@code name} of this place, in PyTorch's order and the plan's precision. */
    public Value parameter(String name, long... extents) {
        return source == null ? trained(path + "." + name, Shape.of(extents)) : constant(stored(name, extents));
    }

    private Value trained(String name, Shape shape) {
        return training(() -> new TrainingOp.Convert(float32Input(name, shape), Value.Kind.REAL));
    }

    /** A frozen parameter, for a caller that wants another view of it as a value: {@link #constant}. */
    public Parameter stored(String name, long... extents) {
        ParameterSource frozen = source;
        if (frozen == null) {
            throw new IllegalStateException(path + " has no frozen parameters");
        }
        try {
            return frozen.parameter(prefix + name, Shape.of(extents));
        } catch (ShapeException misfit) {
            throw new ShapeException(path + "." + name + ": " + misfit.getMessage());
        }
    }

    /** A parameter, or a view of one, that the caller took from its source. The same one twice is one value. */
    public Value constant(Parameter parameter) {
        return growing.known.computeIfAbsent(parameter, fresh -> {
            Value value = growing.newValue(fresh.shape(), Value.Kind.REAL);
            growing.parameters.put(value, fresh);
            return value;
        });
    }

    /** Real numbers that are filled in before each run. */
    public Value input(String name, Shape shape) {
        return input(name, shape, Value.Kind.REAL);
    }

    /** Real numbers in float32, whatever the plan's precision, that are filled in before each run. */
    public Value float32Input(String name, Shape shape) {
        return input(name, shape, Value.Kind.FLOAT32);
    }

    /** Positions that are filled in before each run. */
    public Value indexInput(String name) {
        return input(name, Shape.of(1), Value.Kind.INDEX);
    }

    private Value input(String name, Shape shape, Value.Kind kind) {
        Value value = growing.newValue(shape, kind);
        if (growing.inputs.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException(path + ": two inputs are named " + name);
        }
        return value;
    }

    /** Keeps {@code value} after a run, under a name. */
    public void output(String name, Value value) {
        requireOwn(value);
        if (growing.outputs.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException(path + ": two outputs are named " + name);
        }
    }

    /** The graph as appended so far. */
    public Graph build() {
        return new Graph(
                Collections.unmodifiableMap(new LinkedHashMap<>(growing.inputs)),
                Collections.unmodifiableMap(new LinkedHashMap<>(growing.parameters)),
                List.copyOf(growing.nodes),
                Collections.unmodifiableMap(new LinkedHashMap<>(growing.outputs)));
    }

    /** {@link Op.Conv2d}. */
    public Value conv2d(Value x, Value weight, @Nullable Value bias, Window window) {
        return append(() -> new Op.Conv2d(x, weight, bias, window));
    }

    /** {@link Op.ConvTranspose2d}. */
    public Value convTranspose2d(Value x, Value weight, @Nullable Value bias, Window window) {
        return append(() -> new Op.ConvTranspose2d(x, weight, bias, window));
    }

    /** {@link Op.Linear}. */
    public Value linear(Value x, Value weight, @Nullable Value bias) {
        return append(() -> new Op.Linear(x, weight, bias));
    }

    /** {@link Op.Attention} where every query sees every key, but for the bias. */
    public Value attention(Value query, Value key, Value value, @Nullable Value bias, int heads, float scale) {
        return append(() -> new Op.Attention(query, key, value, bias, heads, scale, false));
    }

    /** {@link Op.Attention} where query i sees keys 0 … i. */
    public Value causalAttention(Value query, Value key, Value value, @Nullable Value bias, int heads, float scale) {
        return append(() -> new Op.Attention(query, key, value, bias, heads, scale, true));
    }

    /** {@link Op.GroupNorm}. */
    public Value groupNorm(Value x, Value scale, Value shift, int groups, float epsilon) {
        return append(() -> new Op.GroupNorm(x, scale, shift, groups, epsilon));
    }

    /** {@link Op.LayerNorm}. */
    public Value layerNorm(Value x, Value scale, Value shift, float epsilon) {
        return append(() -> new Op.LayerNorm(x, scale, shift, epsilon));
    }

    /** {@link Op.Elementwise.Function#SILU}. */
    public Value silu(Value x) {
        return append(() -> new Op.Elementwise(x, Op.Elementwise.Function.SILU));
    }

    /** {@link Op.Elementwise.Function#GELU}. */
    public Value gelu(Value x) {
        return append(() -> new Op.Elementwise(x, Op.Elementwise.Function.GELU));
    }

    /** {@link Op.Elementwise.Function#GELU_TANH}. */
    public Value geluTanh(Value x) {
        return append(() -> new Op.Elementwise(x, Op.Elementwise.Function.GELU_TANH));
    }

    /** {@link Op.Elementwise.Function#TANH}. */
    public Value tanh(Value x) {
        return append(() -> new Op.Elementwise(x, Op.Elementwise.Function.TANH));
    }

    /** {@link Op.LeakyRelu}. */
    public Value leakyRelu(Value x, float slope) {
        return append(() -> new Op.LeakyRelu(x, slope));
    }

    /** {@link Op.Geglu}. */
    public Value geglu(Value x) {
        return append(() -> new Op.Geglu(x));
    }

    /** {@link Op.Add}. */
    public Value add(Value a, Value b) {
        return append(() -> new Op.Add(a, b));
    }

    /** {@link Op.Scale}. */
    public Value scale(Value x, float factor) {
        return append(() -> new Op.Scale(x, factor));
    }

    /** {@link Op.Concat}. */
    public Value concat(int axis, List<Value> parts) {
        return append(() -> new Op.Concat(parts, axis));
    }

    /** {@link Op.Slice}. */
    public Value slice(Value x, int axis, long start, long length) {
        return append(() -> new Op.Slice(x, axis, start, length));
    }

    /** {@link Op.UpsampleNearest}. */
    public Value upsampleNearest(Value x, long height, long width) {
        return append(() -> new Op.UpsampleNearest(x, height, width));
    }

    /** {@link Op.Reshape}. */
    public Value reshape(Value x, long... extents) {
        return append(() -> new Op.Reshape(x, Shape.of(extents)));
    }

    /** {@link Op.SelectRow}. */
    public Value selectRow(Value table, Value position) {
        return append(() -> new Op.SelectRow(table, position));
    }

    /** An operation of training. */
    public Value training(Supplier<? extends TrainingOp> operation) {
        return append(operation);
    }

    /** The same as an operation of any graph does, on other values. */
    public Value like(Op operation, UnaryOperator<Value> values) {
        return append(() -> new Substitution(values).in(operation));
    }

    private Value append(Supplier<? extends Op> operation) {
        try {
            Op op = operation.get();
            op.operands().forEach(this::requireOwn);
            requireKinds(op);
            Value result = growing.newValue(op.result(), op.kind());
            growing.nodes.add(new Graph.Node(path, op, result));
            return result;
        } catch (ShapeException misfit) {
            throw new ShapeException(path + ": " + misfit.getMessage());
        }
    }

    private void requireOwn(Value value) {
        if (!growing.values.contains(value)) {
            throw new IllegalArgumentException(path + ": a value " + value.shape() + " belongs to another graph");
        }
    }

    /** Positions are read by {@link Op.SelectRow} alone, float32 by what adds and measures errors. */
    private static void requireKinds(Op op) {
        switch (op) {
            case Op.SelectRow select -> requireKind(Value.Kind.REAL, List.of(select.table()));
            case Op.Add _, Op.Scale _, Op.Reshape _, TrainingOp.Convert _ -> {
                Value first = op.operands().getFirst();
                requireKind(first.kind() == Value.Kind.INDEX ? Value.Kind.REAL : first.kind(), op.operands());
            }
            case TrainingOp.MeanSquaredError _, TrainingOp.MeanSquaredErrorGradient _ ->
                requireKind(Value.Kind.FLOAT32, op.operands());
            default -> requireKind(Value.Kind.REAL, op.operands());
        }
    }

    private static void requireKind(Value.Kind kind, List<Value> operands) {
        for (Value operand : operands) {
            if (operand.kind() != kind) {
                throw new ShapeException(
                        "expects " + text(kind) + ", was given " + text(operand.kind()) + " " + operand.shape());
            }
        }
    }

    private static String text(Value.Kind kind) {
        return switch (kind) {
            case REAL -> "real numbers";
            case FLOAT32 -> "float32";
            case INDEX -> "positions";
        };
    }
}
