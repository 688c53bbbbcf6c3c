package io.art2mus.backend.cpu;

import java.lang.foreign.MemorySegment;

/** How elements get from an operand into a row of floats and back; one for each thread. Offsets and lengths count elements. */
sealed interface RowTransfer permits Float32Transfer, Bfloat16Transfer {
    /** Elements into a row, in an order that depends on {@code length} alone. */
    void read(MemorySegment from, long first, HostRow row, int length);

    /** What {@link #read} put into rows of that length, or was computed from it number by number. */
    void writeAsRead(HostRow row, MemorySegment to, long first, int length);

    /** Numbers in the order they lie in. */
    void write(HostRow row, MemorySegment to, long first, int length);
}
