package io.art2mus.ffi.onnxruntime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A computation in ONNX's operators, described in Java: it holds no native object, and of weights only where they lie.
 * {@link OrtSession#open} builds and compiles it.
 *
 * <p>Nodes are appended in the order they run. Shapes are checked by the library when the session is opened.
 */
public final class OnnxGraph {
    /** A free extent of an input or output. */
    public static final long ANY = -1;

    private final int operatorSet;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();
    private final List<Initializer> initializers = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** A tensor at the graph's border; extents may be {@link #ANY}. */
    record Tensor(OnnxValue value, TensorType type, List<Long> shape) {}

    /** A weight and the memory it lies in. */
    record Initializer(OnnxValue value, TensorType type, List<Long> shape, MemorySegment data) {}

    /** One operation. */
    record Node(
            String operator,
            String name,
            List<OnnxValue> inputs,
            List<OnnxValue> outputs,
            List<OnnxAttribute> attributes) {}

    /** An empty graph whose operators are those of this version of ONNX's operator set. */
    public OnnxGraph(int operatorSet) {
        this.operatorSet = operatorSet;
    }

    /** Declares an input; extents may be {@link #ANY}. */
    public OnnxValue input(String name, TensorType type, long... shape) {
        OnnxValue value = define(name);
        inputs.add(new Tensor(value, type, boxed(shape)));
        return value;
    }

    /**
     * Adds a weight: row-major and without gaps, native memory that stays alive and unchanged as long as any session
     * made from this graph. From 128 bytes on the library reads it where it lies, below that it keeps a copy.
     */
    public OnnxValue initializer(String name, TensorType type, MemorySegment data, long... shape) {
        if (!data.isNative()) {
            throw new IllegalArgumentException(name + " is on the Java heap, where the library cannot read it");
        }
        if (data.byteSize() != type.bytesOf(shape)) {
            throw new IllegalArgumentException(
                    name + " " + boxed(shape) + " of " + type + " does not fit " + data.byteSize() + " bytes");
        }
        OnnxValue value = define(name);
        initializers.add(new Initializer(value, type, boxed(shape), data));
        return value;
    }

    /** Appends an operation with one result. */
    public OnnxValue node(String operator, List<OnnxValue> inputs, OnnxAttribute... attributes) {
        return nodes(operator, inputs, 1, attributes).getFirst();
    }

    /** Appends an operation with several results. */
    public List<OnnxValue> nodes(
            String operator, List<OnnxValue> inputs, int resultCount, OnnxAttribute... attributes) {
        String name = operator + "_" + nodes.size();
        List<OnnxValue> results = IntStream.range(0, resultCount)
                .mapToObj(index -> define(resultCount == 1 ? name : name + "_" + index))
                .toList();
        nodes.add(new Node(operator, name, List.copyOf(inputs), results, List.of(attributes)));
        return results;
    }

    /** Declares a computed value an output, under its own name; extents may be {@link #ANY}. */
    public void output(OnnxValue value, TensorType type, long... shape) {
        outputs.add(new Tensor(value, type, boxed(shape)));
    }

    int operatorSet() {
        return operatorSet;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    List<Tensor> outputs() {
        return outputs;
    }

    List<Initializer> initializers() {
        return initializers;
    }

    List<Node> nodes() {
        return nodes;
    }

    private OnnxValue define(String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("the graph has a value " + name + " already");
        }
        return new OnnxValue(name);
    }

    private static List<Long> boxed(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
