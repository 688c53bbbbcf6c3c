package io.art2mus.backend.operations;

import io.art2mus.backend.Plan;
import io.art2mus.graph.DType;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Makes the operands of a case, numbered in the order they are asked for. The elements of number n are 24-bit multiples of
 * 2⁻²³ in [−1, 1), the top bits of SplitMix64 seeded with n, so that they are exact in float32 and anyone can draw them again.
 */
public final class Operands {
    private final Arena arena;
    private final GraphBuilder graph;
    private final Map<String, HostTensor> inputs = new LinkedHashMap<>();
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private int count;

    Operands(Arena arena) {
        this.arena = arena;
        this.graph = GraphBuilder.create("case", (path, expected) -> contiguous(path, DType.F32, expected));
    }

    /** Where the operation is appended. */
    public GraphBuilder graph() {
        return graph;
    }

    /** An activation, uploaded before a run. */
    public Value input(long... extents) {
        return input(drawn(Shape.of(extents)));
    }

    /** An activation around 96 in steps of 1/2, which bfloat16 holds exactly: its mean is about twenty deviations. */
    public Value raised(long... extents) {
        HostTensor tensor = drawn(Shape.of(extents));
        for (long i = 0; i < tensor.shape().elements(); i++) {
            tensor.set(i, 96 + (float) Math.rint(16 * tensor.get(i)) / 2);
        }
        return input(tensor);
    }

    /** A bias that hides about one key in two, and never the first: 0 or −10000, keys innermost. */
    public Value mask(long... extents) {
        Shape shape = Shape.of(extents);
        HostTensor tensor = drawn(shape);
        for (long i = 0; i < shape.elements(); i++) {
            tensor.set(i, tensor.get(i) < 0 || i % shape.last() == 0 ? 0 : -10000);
        }
        return input(tensor);
    }

    private HostTensor drawn(Shape shape) {
        DoubleSupplier numbers = numbers();
        HostTensor tensor = HostTensor.allocate(arena, shape);
        for (long i = 0; i < shape.elements(); i++) {
            tensor.set(i, (float) numbers.getAsDouble());
        }
        return tensor;
    }

    private Value input(HostTensor tensor) {
        String name = "x" + count++;
        inputs.put(name, tensor);
        return graph.input(name, tensor.shape());
    }

    /** A position in a table, uploaded before a run. */
    public Value position(int position) {
        String name = "x" + count++;
        positions.put(name, position);
        return graph.indexInput(name);
    }

    /** A float32 parameter without gaps. */
    public Value parameter(long... extents) {
        return graph.parameter("p" + count, extents);
    }

    /** A parameter stored in another type. */
    public Value parameter(DType dtype, long... extents) {
        return graph.constant(contiguous("p" + count, dtype, Shape.of(extents)));
    }

    /** A matrix {@code [rows, columns]} stored as {@code [columns, rows]}. */
    public Value transposed(DType dtype, long rows, long columns) {
        return graph.constant(
                contiguous("p" + count, dtype, Shape.of(columns, rows)).transposed());
    }

    /** A vector whose elements lie {@code step} apart. */
    public Value spread(DType dtype, long length, long step) {
        Parameter matrix = contiguous("p" + count, dtype, Shape.of(length, step));
        return graph.constant(new Parameter(matrix.path(), dtype, Shape.of(length), List.of(step), matrix.data()));
    }

    /** The last {@code rows} of a parameter that has {@code above} more rows before them. */
    public Value rows(DType dtype, long above, long rows, long columns) {
        return graph.constant(
                contiguous("p" + count, dtype, Shape.of(above + rows, columns)).rows(above, rows));
    }

    private Parameter contiguous(String path, DType dtype, Shape shape) {
        MemorySegment data = arena.allocate(shape.elements() * dtype.bytes(), Long.BYTES);
        DoubleSupplier numbers = numbers();
        count++;
        for (long i = 0; i < shape.elements(); i++) {
            float number = (float) numbers.getAsDouble();
            switch (dtype) {
                case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, number);
                case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(number));
                case BF16 ->
                    data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(number) >> Short.SIZE));
                default -> throw new IllegalArgumentException("weights are not stored as " + dtype);
            }
        }
        return Parameter.contiguous(path, dtype, shape, data);
    }

    private DoubleSupplier numbers() {
        SplittableRandom random = new SplittableRandom(count);
        return () -> (random.nextLong() >> 40) * 0x1p-23;
    }

    Graph graphWithOutput(String name, Value result) {
        graph.output(name, result);
        return graph.build();
    }

    void upload(Plan plan) {
        inputs.forEach((name, tensor) -> plan.input(name).upload(tensor));
        positions.forEach((name, position) -> plan.input(name).uploadPosition(position));
    }
}
