package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import java.lang.foreign.MemorySegment;

/** How elements get from an operand into a row of floats and back; one for each thread. Offsets and lengths count elements. */
sealed interface RowTransfer permits Float32Transfer, Bfloat16Transfer {
    /** For rows of at most {@code length} elements of some type, F32 or BF16. */
    static RowTransfer of(DataType type, int length) {
        return type == DataType.F32 ? new Float32Transfer() : new Bfloat16Transfer(length);
    }

    /** Elements into a row, in an order that depends on {@code length} alone. */
    void read(MemorySegment from, long first, HostRow row, int length);

    /** Which element of a row of {@code length} {@link #read} puts to a place. */
    int element(int place, int length);

    /** What {@link #read} put into rows of that length, or was computed from it number by number. */
    void writeAsRead(HostRow row, MemorySegment to, long first, int length);

    /** Numbers in the order they lie in. */
    void write(HostRow row, MemorySegment to, long first, int length);
}
