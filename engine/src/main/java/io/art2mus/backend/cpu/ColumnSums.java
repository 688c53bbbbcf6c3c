package io.art2mus.backend.cpu;

import io.art2mus.backend.Bfloat16;
import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** Sums over the rows of a matrix, in float32, as a product with ones: that has the library's rate, and its threads. */
final class ColumnSums {
    private final Program program;
    private final MemoryDescriptor matrix;
    private final MemoryDescriptor sum;
    private final Primitive product;
    private final Operand ones;

    /**
     * Prepares sums over matrices of one shape.
     *
     * @param type of the elements, F32 or BF16
     * @param stride rows from one that counts to the next
     * @param room for the ones, which are written now; of sums of this type alone
     */
    ColumnSums(Target target, Program program, DataType type, long rows, long columns, long stride, Room room) {
        this.program = program;
        matrix = program.layouts().strided(type, new long[] {rows, columns}, new long[] {stride * columns, 1});
        sum = program.layouts().plain(DataType.F32, 1, columns);
        ones = program.operand(program.layouts().plain(type, 1, rows), ones(room.of(rows * type.bytes()), rows, type));
        product = program.primitive(new Matmul(ones.descriptor(), matrix, null, sum, PrimitiveAttributes.PLAIN));
    }

    /** Overwrites {@code result}, {@code [columns]} float32, with the sums of {@code x}, next. */
    void lower(MemorySegment x, MemorySegment result) {
        program.then(
                product,
                Map.of(
                        Argument.SRC,
                        ones,
                        Argument.WEIGHTS,
                        program.operand(matrix, x),
                        Argument.DST,
                        program.operand(sum, result)));
    }

    private static MemorySegment ones(MemorySegment room, long count, DataType type) {
        for (long i = 0; i < count; i++) {
            if (type == DataType.F32) {
                room.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
            } else {
                room.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat(1));
            }
        }
        return room;
    }
}
