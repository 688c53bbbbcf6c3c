package io.art2mus.encoder;

import io.art2mus.ffi.onnxruntime.OnnxAttribute;
import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.ffi.onnxruntime.TensorType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The layers that transformers are made of, in ONNX's operators on mapped weights.
 *
 * <p>Between attentions a batch of sequences is a matrix of rows, {@code [N·L, C]}: a Linear is then one Gemm that reads
 * PyTorch's {@code [out, in]} as it is stored. Attention sees {@code [N, L, C]}. All arithmetic is in float32.
 */
final class LayerGraph {
    /** The first operator set with Attention and RMSNormalization. */
    private static final int OPERATOR_SET = 23;

    /** What keeps a position out of a softmax, as the reference adds it. */
    private static final float MASKED = -Float.MAX_VALUE;

    private final OnnxGraph graph = new OnnxGraph(OPERATOR_SET);
    private final Arena constants;
    private int constantCount;

    /** An empty graph; {@code constants} holds the small numbers it is given and must outlive its session. */
    LayerGraph(Arena constants) {
        this.constants = constants;
    }

    OnnxGraph graph() {
        return graph;
    }

    /** Float32 input; extents may be {@link OnnxGraph#ANY}. */
    OnnxValue input(String name, long... shape) {
        return graph.input(name, TensorType.FLOAT, shape);
    }

    /** Int64 input; extents may be {@link OnnxGraph#ANY}. */
    OnnxValue integerInput(String name, long... shape) {
        return graph.input(name, TensorType.INT64, shape);
    }

    /** Declares the float32 result. */
    void output(OnnxValue value, long... shape) {
        graph.output(value, TensorType.FLOAT, shape);
    }

    /** A weight in float32. A file that stores less is widened once, into memory of the session: each run would do it again. */
    OnnxValue weight(Parameter parameter) {
        if (!parameter.isContiguous()) {
            throw new ShapeException(parameter.path() + " is stored with the strides " + parameter.strides()
                    + ", which the encoders do not read; save the checkpoint again with .contiguous()");
        }
        TensorType type = switch (parameter.dtype()) {
            case F32 -> TensorType.FLOAT;
            case F16 -> TensorType.FLOAT16;
            case BF16 -> TensorType.BFLOAT16;
            case F64, I64, I32 ->
                throw new IllegalArgumentException(
                        parameter.path() + " is " + parameter.dtype() + ", not a float of up to 32 bits");
        };
        long bytes = parameter.shape().elements() * type.bytes();
        OnnxValue stored = graph.initializer(
                parameter.path(),
                type,
                parameter.data().asSlice(0, bytes),
                parameter.shape().extents());
        return type == TensorType.FLOAT ? stored : cast(stored, TensorType.FLOAT);
    }

    OnnxValue cast(OnnxValue x, TensorType type) {
        return node("Cast", List.of(x), OnnxAttribute.of("to", type.code()));
    }

    /** {@code x · weightᵀ + bias} of module {@code linear}, without the bias where it has none. */
    OnnxValue linear(OnnxValue x, WeightTree linear, long in, long out) {
        Parameter weight = linear.parameter("weight", Shape.of(out, in));
        return linear.has("bias")
                ? gemm(x, weight, linear.parameter("bias", Shape.of(out)))
                : node("Gemm", List.of(x, weight(weight)), OnnxAttribute.of("transB", 1));
    }

    /** {@code x · weightᵀ + bias}. */
    OnnxValue gemm(OnnxValue x, Parameter weight, Parameter bias) {
        return node("Gemm", List.of(x, weight(weight), weight(bias)), OnnxAttribute.of("transB", 1));
    }

    /** Row {@code ids[…]} of module {@code table}, {@code [count, width]}. */
    OnnxValue embedding(OnnxValue ids, WeightTree table, long count, long width) {
        return node("Gather", List.of(weight(table.parameter("weight", Shape.of(count, width))), ids));
    }

    /** Layer normalisation over the innermost axis. */
    OnnxValue layerNorm(OnnxValue x, WeightTree norm, long width, double epsilon) {
        Shape shape = Shape.of(width);
        return node(
                "LayerNormalization",
                List.of(x, weight(norm.parameter("weight", shape)), weight(norm.parameter("bias", shape))),
                OnnxAttribute.of("epsilon", (float) epsilon));
    }

    /** Root-mean-square normalisation over the innermost axis. */
    OnnxValue rmsNorm(OnnxValue x, WeightTree norm, long width, double epsilon) {
        return node(
                "RMSNormalization",
                List.of(x, weight(norm.parameter("weight", Shape.of(width)))),
                OnnxAttribute.of("epsilon", (float) epsilon));
    }

    /** Each row divided by its Euclidean length. */
    OnnxValue normalise(OnnxValue x) {
        return node("LpNormalization", List.of(x), OnnxAttribute.of("p", 2));
    }

    /** GELU by the error function. */
    OnnxValue gelu(OnnxValue x) {
        return node("Gelu", List.of(x));
    }

    /** GELU by the hyperbolic tangent, {@code gelu_new} in configurations. */
    OnnxValue tanhGelu(OnnxValue x) {
        return node("Gelu", List.of(x), OnnxAttribute.of("approximate", "tanh"));
    }

    OnnxValue add(OnnxValue x, OnnxValue y) {
        return node("Add", List.of(x, y));
    }

    OnnxValue multiply(OnnxValue x, OnnxValue y) {
        return node("Mul", List.of(x, y));
    }

    /**
     * Multi-head attention of sequences {@code [N, L, C]}.
     *
     * @param bias added to the scores, {@code [N or 1, heads or 1, L, keys]}, or {@link OnnxValue#NONE}
     * @param scale factor of the scores
     */
    OnnxValue attention(OnnxValue query, OnnxValue key, OnnxValue value, OnnxValue bias, int heads, double scale) {
        return attention(List.of(query, key, value, bias), heads, scale, false);
    }

    /** Multi-head attention in which a position sees itself and what stands before it. */
    OnnxValue causalAttention(OnnxValue query, OnnxValue key, OnnxValue value, int heads, double scale) {
        return attention(List.of(query, key, value), heads, scale, true);
    }

    private OnnxValue attention(List<OnnxValue> inputs, int heads, double scale, boolean causal) {
        return node(
                "Attention",
                inputs,
                OnnxAttribute.of("q_num_heads", heads),
                OnnxAttribute.of("kv_num_heads", heads),
                OnnxAttribute.of("scale", (float) scale),
                OnnxAttribute.of("is_causal", causal ? 1 : 0));
    }

    /** 0 where {@code mask}, int64 {@code [N, L]}, is 1, and the lowest float where it is 0, as {@code [N, 1, 1, L]}. */
    OnnxValue maskBias(OnnxValue mask) {
        OnnxValue hidden = node("Sub", List.of(number(1), cast(mask, TensorType.FLOAT)));
        return node("Unsqueeze", List.of(multiply(hidden, number(MASKED)), integers(1, 2)));
    }

    /** The same elements under another shape; one extent may be -1, which follows from the others. */
    OnnxValue reshape(OnnxValue x, long... shape) {
        return reshape(x, integers(shape));
    }

    /** The same elements under a computed shape. */
    OnnxValue reshape(OnnxValue x, OnnxValue shape) {
        return node("Reshape", List.of(x, shape));
    }

    /** Extents of axes {@code from} (included) to {@code to} (excluded). */
    OnnxValue extents(OnnxValue x, int from, int to) {
        return node("Shape", List.of(x), OnnxAttribute.of("start", from), OnnxAttribute.of("end", to));
    }

    /** Repeats axes of extent 1 to a computed shape. */
    OnnxValue expand(OnnxValue x, OnnxValue shape) {
        return node("Expand", List.of(x, shape));
    }

    OnnxValue concat(int axis, OnnxValue first, OnnxValue second) {
        return concat(axis, List.of(first, second));
    }

    OnnxValue concat(int axis, List<OnnxValue> parts) {
        return node("Concat", parts, OnnxAttribute.of("axis", axis));
    }

    OnnxValue transpose(OnnxValue x, Long... axes) {
        return node("Transpose", List.of(x), OnnxAttribute.of("perm", List.of(axes)));
    }

    /** Equal parts along an axis. */
    List<OnnxValue> split(OnnxValue x, int axis, int parts) {
        return graph.nodes(
                "Split", List.of(x), parts, OnnxAttribute.of("axis", axis), OnnxAttribute.of("num_outputs", parts));
    }

    /** Any operator with one result. */
    OnnxValue node(String operator, List<OnnxValue> inputs, OnnxAttribute... attributes) {
        return graph.node(operator, inputs, attributes);
    }

    /** A float32 scalar. */
    OnnxValue number(float value) {
        return graph.initializer(
                constantName(), TensorType.FLOAT, constants.allocateFrom(ValueLayout.JAVA_FLOAT, value));
    }

    /** A list of int64. */
    OnnxValue integers(long... values) {
        return graph.initializer(
                constantName(), TensorType.INT64, constants.allocateFrom(ValueLayout.JAVA_LONG, values), values.length);
    }

    /** An int64 scalar. */
    OnnxValue integer(long value) {
        MemorySegment data = constants.allocateFrom(ValueLayout.JAVA_LONG, value);
        return graph.initializer(constantName(), TensorType.INT64, data);
    }

    private String constantName() {
        return "constant_" + constantCount++;
    }
}
