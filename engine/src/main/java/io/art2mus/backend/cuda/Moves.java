package io.art2mus.backend.cuda;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.kernels.CopyKernel;
import io.art2mus.kernels.SelectRowKernel;
import io.art2mus.kernels.UpsampleKernel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Operations that only move elements. */
final class Moves {
    private final Lowering lowering;

    Moves(Lowering lowering) {
        this.lowering = lowering;
    }

    void concat(Op.Concat op, Value result) {
        Value first = op.parts().getFirst();
        if (op.axis() == 0 && op.parts().stream().allMatch(first::equals)) {
            repeat(first, op.parts().size(), result);
            return;
        }
        List<Long> strides = result.shape().strides();
        long place = lowering.data(result);
        for (Value part : op.parts()) {
            Tensors.Strided source = lowering.strided(part);
            copy(part.shape().extents(), source, new Tensors.Strided(place, strides));
            place += bytes(part.shape().extent(op.axis()) * strides.get(op.axis()));
        }
    }

    /** In one launch, where parts that differ need one each: from copy to copy the source stays where it is. */
    private void repeat(Value x, long times, Value result) {
        Tensors.Strided source = lowering.strided(x);
        long[] extents = LongStream.concat(
                        LongStream.of(times), Arrays.stream(x.shape().extents()))
                .toArray();
        List<Long> strides =
                Stream.concat(Stream.of(0L), source.strides().stream()).toList();
        copy(
                extents,
                new Tensors.Strided(source.address(), strides),
                new Tensors.Strided(lowering.data(result), Shape.of(extents).strides()));
    }

    void slice(Op.Slice op, Value result) {
        Tensors.Strided whole = lowering.strided(op.x());
        long start = whole.address() + bytes(op.start() * whole.strides().get(op.axis()));
        copy(
                result.shape().extents(),
                new Tensors.Strided(start, whole.strides()),
                new Tensors.Strided(lowering.data(result), result.shape().strides()));
    }

    void upsample(Op.UpsampleNearest op, Value result) {
        Shape x = op.x().shape();
        lowering.program()
                .then(UpsampleKernel.nearest(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        Math.toIntExact(x.extent(0)),
                        Math.toIntExact(x.extent(1)),
                        Math.toIntExact(x.extent(2)),
                        Math.toIntExact(x.last()),
                        Math.toIntExact(op.height()),
                        Math.toIntExact(op.width()),
                        lowering.data(op.x()),
                        lowering.data(result)));
    }

    void upsampleGradient(TrainingOp.UpsampleNearestGradient op, Value result) {
        Shape small = result.shape();
        Shape large = op.gradient().shape();
        lowering.program()
                .then(UpsampleKernel.backward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        Math.toIntExact(small.extent(0)),
                        Math.toIntExact(small.extent(1)),
                        Math.toIntExact(small.extent(2)),
                        Math.toIntExact(small.last()),
                        Math.toIntExact(large.extent(1)),
                        Math.toIntExact(large.extent(2)),
                        lowering.data(op.gradient()),
                        lowering.data(result)));
    }

    void pad(TrainingOp.Pad op, Value result) {
        long[] before = new long[result.shape().rank()];
        before[op.axis()] = op.before();
        lowering.program()
                .then(CopyKernel.pad(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        op.x().shape().extents(),
                        before,
                        result.shape().extents(),
                        lowering.data(op.x()),
                        lowering.data(result)));
    }

    void selectRow(Op.SelectRow op, Value result) {
        lowering.program()
                .then(SelectRowKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        Math.toIntExact(op.table().shape().extent(0)),
                        result.shape().elements(),
                        lowering.data(op.table()),
                        lowering.data(op.position()),
                        lowering.data(result)));
    }

    /** Address of a copy whose axes stand in another order. */
    long turned(Value value, int[] axes) {
        Tensors.Strided source = lowering.strided(value);
        long[] extents = Arrays.stream(axes)
                .mapToLong(axis -> value.shape().extent(axis))
                .toArray();
        List<Long> strides = Arrays.stream(axes).mapToObj(source.strides()::get).toList();
        long copy = lowering.allocate(bytes(value.shape().elements()));
        copy(
                extents,
                new Tensors.Strided(source.address(), strides),
                new Tensors.Strided(copy, Shape.of(extents).strides()));
        return copy;
    }

    private void copy(long[] extents, Tensors.Strided from, Tensors.Strided to) {
        lowering.program()
                .then(CopyKernel.strided(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        extents,
                        from.address(),
                        array(from.strides()),
                        to.address(),
                        array(to.strides())));
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private long bytes(long elements) {
        return elements * lowering.elements().bytes();
    }
}
