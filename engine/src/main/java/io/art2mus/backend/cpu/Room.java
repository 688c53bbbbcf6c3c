package io.art2mus.backend.cpu;

import io.art2mus.graph.MemoryPlan;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that one step at a time needs beside its operands, shared by all steps of a kind: as large as the largest of them. */
final class Room {
    private final Arena arena;
    private MemorySegment bytes = MemorySegment.NULL;

    Room(Arena arena) {
        this.arena = arena;
    }

    /** At least so many bytes, for as long as the plan lives; whoever asked before may hold other ones. */
    MemorySegment of(long size) {
        if (bytes.byteSize() < size) {
            bytes = arena.allocate(size, MemoryPlan.ALIGNMENT);
        }
        return bytes;
    }
}
