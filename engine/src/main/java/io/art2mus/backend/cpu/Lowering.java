package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/** Turns each step of a plan into executions of a {@link Program}. */
final class Lowering {
    private final Target target;
    private final Tensors tensors;
    private final Weights weights;
    private final Program program;
    private final Arena arena;
    private final Convolutions convolutions;
    private final Products products;
    private final Attentions attentions;
    private final GroupNorms groupNorms;
    private final LayerNorms layerNorms;
    private final Elements elements;
    private final Moves moves;
    private final TrainingSteps training;

    Lowering(Target target, Tensors tensors, Weights weights, Program program, Arena arena) {
        this.target = target;
        this.tensors = tensors;
        this.weights = weights;
        this.program = program;
        this.arena = arena;
        convolutions = new Convolutions(this);
        products = new Products(this);
        attentions = new Attentions(this);
        groupNorms = new GroupNorms(this);
        layerNorms = new LayerNorms(this);
        elements = new Elements(this);
        moves = new Moves(this);
        training = new TrainingSteps(this);
    }

    void lower(FusedStep step) {
        program.at(step.node());
        Value result = step.result();
        switch (step.node().op()) {
            case Op.Conv2d op when step.half() != null -> convolutions.doubling(op, step.half(), step.after(), result);
            case Op.Conv2d op -> convolutions.forward(op, step.after(), result);
            case Op.ConvTranspose2d op -> convolutions.transposed(op, result);
            case Op.Linear op -> products.linear(op, step.after(), result);
            case Op.Attention op -> attentions.attention(op, result);
            case Op.GroupNorm op -> groupNorms.group(op, step.after(), result);
            case Op.LayerNorm op -> layerNorms.layer(op, result);
            case Op.Elementwise op -> elements.function(op, result);
            case Op.LeakyRelu op -> elements.leakyRelu(op, result);
            case Op.Geglu op -> elements.geglu(op, result);
            case Op.Add op -> elements.add(op, result);
            case Op.Scale op -> elements.scale(op, result);
            case Op.Concat op -> moves.concat(op, result);
            case Op.Slice op -> moves.slice(op, result);
            case Op.UpsampleNearest op -> moves.upsample(op, result);
            case Op.SelectRow op -> moves.selectRow(op, result);
            case TrainingOp op -> training.lower(op, step.after(), result);
            case Op.Reshape _ -> {
                // Another name for memory that is there already.
            }
        }
    }

    Target target() {
        return target;
    }

    Weights weights() {
        return weights;
    }

    Program program() {
        return program;
    }

    DataType precision() {
        return target.precision();
    }

    /** Room that one operation needs beside its operands, for as long as the plan lives. */
    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, MemoryPlan.ALIGNMENT);
    }

    /** Room that steps of one kind need one after the other. */
    Room room() {
        return new Room(arena);
    }

    /** Bytes of an operand, be it an activation or a parameter that is read as one. */
    MemorySegment data(Value value) {
        Value origin = tensors.origin(value);
        return weights.holds(origin) ? weights.activation(origin) : tensors.of(origin);
    }

    /** What follows an operation, done to its result where that lies. */
    void inPlace(List<PostOperation> after, Value result) {
        after.forEach(operation -> elements.inPlace(operation, result));
    }

    /** How the elements of a value are stored. */
    DataType type(Value value) {
        return Tensors.type(value, precision());
    }

    /** An operand or a result as it lies: row-major, in the graph's order of axes. */
    Operand plain(Value value) {
        return plain(value, value.shape().extents());
    }

    /** The same elements row-major under other dimensions. */
    Operand plain(Value value, long... dims) {
        return program.operand(program.layouts().plain(type(value), dims), data(value));
    }

    /** All axes but the innermost as rows. */
    Operand matrix(Value value) {
        long columns = value.shape().last();
        return plain(value, value.shape().elements() / columns, columns);
    }

    /** {@code [N, H, W, C]} in oneDNN's order {@code [N, C, H, W]}, channels last. */
    Operand picture(Value value) {
        return picture(value.shape(), data(value));
    }

    /** The same of other bytes. */
    Operand picture(Shape shape, MemorySegment data) {
        return program.operand(channelsLast(program, shape), data);
    }

    /** {@code [N, H, W, C]} in oneDNN's order of axes. */
    MemoryDescriptor channelsLast(Program owner, Shape shape) {
        return owner.layouts()
                .channelsLast(precision(), shape.extent(0), shape.extent(3), shape.extent(1), shape.extent(2));
    }

    /** A float32 vector: scale, shift or bias of the innermost axis. */
    Operand vector(Value value, long... dims) {
        MemoryDescriptor floats = program.layouts().plain(DataType.F32, dims);
        return weights.holds(value)
                ? program.operand(floats, weights.floats(value))
                : reordered(plain(value, dims), floats);
    }

    /** A frozen vector, for host code. */
    float[] floats(Value value) {
        return weights.floats(value).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /**
     * A weight in the layout that a primitive chose: packed once where it is a parameter, in every run where it is computed.
     *
     * @param axes which of the weight's axes stands at each of the primitive's
     */
    Operand weight(Value value, int[] axes, MemoryDescriptor wanted) {
        if (weights.holds(value)) {
            return weights.packed(value, axes, wanted);
        }
        long[] dims = IntStream.of(axes).mapToLong(value.shape()::extent).toArray();
        long[] strides =
                IntStream.of(axes).mapToLong(value.shape().strides()::get).toArray();
        MemoryDescriptor stored = program.layouts().strided(precision(), dims, strides);
        return reordered(program.operand(stored, data(value)), wanted);
    }

    private Operand reordered(Operand source, MemoryDescriptor wanted) {
        if (source.descriptor().matches(wanted)) {
            return source;
        }
        Operand target = program.operand(wanted, allocate(wanted.bytes()));
        program.thenCopy(source, target);
        return target;
    }
}
