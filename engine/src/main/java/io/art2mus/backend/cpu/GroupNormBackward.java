package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * The gradient through a group normalisation as passes over a picture, since oneDNN's own is a slow reference: sums of each channel by
 * products with ones, then two affine passes. What lies between is float32.
 */
final class GroupNormBackward {
    private final Lowering lowering;
    private final Room storedOnes;
    private final Room floatOnes;
    private final Room distances;
    private final Room products;
    private final Room numbers;

    GroupNormBackward(Lowering lowering) {
        this.lowering = lowering;
        storedOnes = lowering.room();
        floatOnes = lowering.room();
        distances = lowering.room();
        products = lowering.room();
        numbers = lowering.room();
    }

    void lower(TrainingOp.GroupNormGradient op, Value result) {
        Shape shape = op.forward().x().shape();
        Passes passes = new Passes(op);
        long bytes = shape.elements() / shape.extent(0) * lowering.precision().bytes();
        for (long picture = 0; picture < shape.extent(0); picture++) {
            passes.lower(
                    lowering.data(op.forward().x()).asSlice(picture * bytes, bytes),
                    lowering.data(op.gradient()).asSlice(picture * bytes, bytes),
                    lowering.data(result).asSlice(picture * bytes, bytes));
        }
    }

    /** The primitives for pictures of one shape, seen as {@code [positions, channels]}. */
    private final class Passes {
        private final Program program = lowering.program();
        private final MemoryDescriptor stored;
        private final MemoryDescriptor floats;
        private final MemoryDescriptor perChannel;
        private final ColumnSums sumsOfStored;
        private final ColumnSums sumsOfFloats;
        private final Operand distance;
        private final Operand product;
        private final GroupGradientMoments moments;

        Passes(TrainingOp.GroupNormGradient op) {
            Shape shape = op.forward().x().shape();
            long channels = shape.last();
            long positions = shape.extent(1) * shape.extent(2);
            stored = program.layouts().plain(lowering.precision(), positions, channels);
            floats = program.layouts().plain(DataType.F32, positions, channels);
            perChannel = program.layouts().plain(DataType.F32, 1, channels);
            sumsOfStored = new ColumnSums(
                    lowering.target(), program, lowering.precision(), positions, channels, 1, storedOnes);
            sumsOfFloats = new ColumnSums(lowering.target(), program, DataType.F32, positions, channels, 1, floatOnes);
            distance = program.operand(floats, distances.of(floats.bytes()));
            product = program.operand(floats, products.of(floats.bytes()));
            moments = new GroupGradientMoments(
                    op.forward(),
                    lowering.floats(op.forward().scale()),
                    numbers.of(GroupGradientMoments.ROWS * channels * Float.BYTES));
        }

        void lower(MemorySegment x, MemorySegment gradient, MemorySegment result) {
            Operand from = program.operand(stored, x);
            Operand back = program.operand(stored, gradient);
            sumsOfStored.lower(x, moments.sum());
            program.thenOnHost(moments::writeOrigin);
            // Of operands in two types oneDNN has a slow reference alone, where the first is the shorter one.
            program.thenCopy(from, distance);
            then(BinaryAlgorithm.SUB, distance, row(moments.origin()), distance);
            sumsOfFloats.lower(distance.memory().data(), moments.sum());
            then(BinaryAlgorithm.MUL, distance, distance, product);
            sumsOfFloats.lower(product.memory().data(), moments.squares());
            sumsOfStored.lower(gradient, moments.gradientSum());
            then(BinaryAlgorithm.MUL, distance, back, product);
            sumsOfFloats.lower(product.memory().data(), moments.products());
            program.thenOnHost(moments::writeAffine);
            then(BinaryAlgorithm.MUL, distance, row(moments.curve()), row(moments.offset()), product);
            then(BinaryAlgorithm.MUL, back, row(moments.slope()), product, program.operand(stored, result));
        }

        private Operand row(MemorySegment numbers) {
            return program.operand(perChannel, numbers);
        }

        private void then(BinaryAlgorithm algorithm, Operand a, Operand b, Operand made) {
            program.then(
                    binary(algorithm, a, b, made, PrimitiveAttributes.PLAIN),
                    Map.of(Argument.SRC, a, Argument.SRC_1, b, Argument.DST, made));
        }

        /** Adds {@code addend} too. */
        private void then(BinaryAlgorithm algorithm, Operand a, Operand b, Operand addend, Operand made) {
            PrimitiveAttributes added =
                    PrimitiveAttributes.of(new PostOp.Binary(BinaryAlgorithm.ADD, addend.descriptor()));
            program.then(
                    binary(algorithm, a, b, made, added),
                    Map.of(Argument.SRC, a, Argument.SRC_1, b, Argument.postOpOperand(0), addend, Argument.DST, made));
        }

        private Primitive binary(
                BinaryAlgorithm algorithm, Operand a, Operand b, Operand made, PrimitiveAttributes attributes) {
            return program.primitive(
                    new Binary(algorithm, a.descriptor(), b.descriptor(), made.descriptor(), attributes));
        }
    }
}
