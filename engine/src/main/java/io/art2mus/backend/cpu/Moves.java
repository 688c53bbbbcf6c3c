package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Concat;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Resampling;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations that only move elements. */
final class Moves {
    private final Lowering lowering;

    Moves(Lowering lowering) {
        this.lowering = lowering;
    }

    void concat(Op.Concat op, Value result) {
        Map<Argument, Operand> arguments = new HashMap<>();
        List<MemoryDescriptor> sources = new ArrayList<>();
        for (Value part : op.parts()) {
            Operand source = lowering.plain(part);
            arguments.put(Argument.source(sources.size()), source);
            sources.add(source.descriptor());
        }
        Operand dst = lowering.plain(result);
        arguments.put(Argument.DST, dst);
        Primitive primitive = lowering.program()
                .primitive(new Concat(sources, dst.descriptor(), op.axis(), PrimitiveAttributes.PLAIN));
        lowering.program().then(primitive, arguments);
    }

    void slice(Op.Slice op, Value result) {
        Shape whole = op.x().shape();
        long[] strides = strides(whole);
        long offset = op.start() * strides[op.axis()];
        copy(
                lowering.data(op.x()).asSlice(offset * lowering.precision().bytes()),
                strides,
                lowering.data(result),
                strides(result.shape()),
                result.shape().extents());
    }

    /** Doubled whole; one of odd extents is then cut, for oneDNN would spread the rows evenly over them. */
    void upsample(Op.UpsampleNearest op, Value result) {
        Shape in = op.x().shape();
        Shape doubled = Shape.of(in.extent(0), 2 * in.extent(1), 2 * in.extent(2), in.last());
        if (result.shape().equals(doubled)) {
            upsample(op.x(), lowering.picture(result));
            return;
        }
        MemorySegment room =
                lowering.allocate(doubled.elements() * lowering.precision().bytes());
        upsample(op.x(), lowering.picture(doubled, room));
        copy(
                room,
                strides(doubled),
                lowering.data(result),
                strides(result.shape()),
                result.shape().extents());
    }

    private void upsample(Value x, Operand dst) {
        Operand src = lowering.picture(x);
        Primitive primitive = lowering.program()
                .primitive(new Resampling(src.descriptor(), dst.descriptor(), PrimitiveAttributes.PLAIN));
        lowering.program().then(primitive, Map.of(Argument.SRC, src, Argument.DST, dst));
    }

    void selectRow(Op.SelectRow op, Value result) {
        MemorySegment table = lowering.data(op.table());
        MemorySegment position = lowering.data(op.position());
        MemorySegment row = lowering.data(result);
        long rows = op.table().shape().extent(0);
        long bytes = result.shape().elements() * lowering.precision().bytes();
        lowering.program().thenOnHost(() -> {
            long index = position.get(ValueLayout.JAVA_INT, 0);
            if (index < 0 || index >= rows) {
                throw new IndexOutOfBoundsException("row " + index + " of a table of " + rows);
            }
            MemorySegment.copy(table, index * bytes, row, 0, bytes);
        });
    }

    private void copy(MemorySegment from, long[] fromStrides, MemorySegment to, long[] toStrides, long[] extents) {
        lowering.program().thenCopy(strided(from, extents, fromStrides), strided(to, extents, toStrides));
    }

    private Operand strided(MemorySegment data, long[] extents, long[] strides) {
        MemoryDescriptor descriptor = lowering.program().layouts().strided(lowering.precision(), extents, strides);
        return lowering.program().operand(descriptor, data);
    }

    private static long[] strides(Shape shape) {
        return shape.strides().stream().mapToLong(Long::longValue).toArray();
    }
}
