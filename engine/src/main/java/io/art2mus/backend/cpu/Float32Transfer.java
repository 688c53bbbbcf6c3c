package io.art2mus.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies. */
final class Float32Transfer implements RowTransfer {
    @Override
    public void read(MemorySegment from, long first, HostRow row, int length) {
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, first * Float.BYTES, row.floats, 0, length);
    }

    @Override
    public int element(int place, int length) {
        return place;
    }

    @Override
    public void writeAsRead(HostRow row, MemorySegment to, long first, int length) {
        write(row, to, first, length);
    }

    @Override
    public void write(HostRow row, MemorySegment to, long first, int length) {
        MemorySegment.copy(row.floats, 0, to, ValueLayout.JAVA_FLOAT, first * Float.BYTES, length);
    }
}
