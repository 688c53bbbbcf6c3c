package io.art2mus.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Another arena's memory, counted. Closing is the other's owner's affair. */
final class CountingArena implements Arena {
    private final Arena arena;
    private long bytes;

    CountingArena(Arena arena) {
        this.arena = arena;
    }

    /** What was allocated through this so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        bytes += byteSize;
        return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("whoever opened the arena closes it");
    }
}
