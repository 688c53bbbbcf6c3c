package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Concat;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
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
                .own(Concat.create(
                        lowering.target().engine(), sources, dst.descriptor(), op.axis(), PrimitiveAttributes.PLAIN));
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

    void upsample(Op.UpsampleNearest op, Value result) {
        for (long n = 0; n < op.x().shape().extent(0); n++) {
            upsample(op, n, result);
        }
    }

    /**
     * Four strided copies a picture: even and odd rows with even and odd columns, each a copy of the input or of most of it. One
     * picture at a time, for one of odd height is shorter than twice its rows, and oneDNN takes the strides of several for
     * overlapping.
     */
    private void upsample(Op.UpsampleNearest op, long n, Value result) {
        Shape in = op.x().shape();
        long channels = in.last();
        long bytes = lowering.precision().bytes();
        MemorySegment picture = lowering.data(op.x()).asSlice(n * in.strides().getFirst() * bytes);
        for (long row = 0; row < 2; row++) {
            for (long column = 0; column < 2; column++) {
                long rows = (op.height() - row + 1) / 2;
                long columns = (op.width() - column + 1) / 2;
                if (rows > 0 && columns > 0) {
                    long offset = ((n * op.height() + row) * op.width() + column) * channels;
                    copy(
                            picture,
                            strides(in),
                            lowering.data(result).asSlice(offset * bytes),
                            new long[] {rows * 2 * op.width() * channels, 2 * op.width() * channels, 2 * channels, 1},
                            new long[] {1, rows, columns, channels});
                }
            }
        }
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
        MemoryDescriptor descriptor =
                lowering.program().own(MemoryDescriptor.strided(lowering.precision(), extents, strides));
        return lowering.program().operand(descriptor, data);
    }

    private static long[] strides(Shape shape) {
        return shape.strides().stream().mapToLong(Long::longValue).toArray();
    }
}
