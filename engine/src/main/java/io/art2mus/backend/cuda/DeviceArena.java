package io.art2mus.backend.cuda;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.DeviceMemory;
import io.art2mus.graph.MemoryPlan;
import org.jspecify.annotations.Nullable;

/** Device memory handed out piece by piece from few large allocations, and given back all at once by its scope. */
final class DeviceArena {
    private static final long ALIGNMENT = MemoryPlan.ALIGNMENT;

    /** What is allocated where the expected bytes did not suffice. */
    private static final long FURTHER_BYTES = 1 << 20;

    private final Cuda cuda;
    private final HandleScope scope;
    private final long expectedBytes;
    private @Nullable DeviceMemory block;
    private long used;
    private long bytes;

    /**
     * Allocates nothing yet.
     *
     * @param scope owns the memory
     * @param expectedBytes length of the first allocation
     */
    DeviceArena(Cuda cuda, HandleScope scope, long expectedBytes) {
        this.cuda = cuda;
        this.scope = scope;
        this.expectedBytes = expectedBytes;
    }

    /** A number of bytes as this arena rounds it up. */
    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Bytes whose contents are undefined. */
    Room allocate(long length) {
        long rounded = aligned(length);
        DeviceMemory memory = block;
        if (memory == null || memory.byteSize() - used < rounded) {
            long least = memory == null ? expectedBytes : FURTHER_BYTES;
            memory = scope.own(DeviceMemory.allocate(cuda, Math.max(ALIGNMENT, Math.max(least, rounded))));
            block = memory;
            used = 0;
            bytes += memory.byteSize();
        }
        Room room = new Room(memory, used, length);
        used += rounded;
        return room;
    }

    /** All that was allocated. */
    long bytes() {
        return bytes;
    }

    /** A piece. */
    record Room(DeviceMemory memory, long offset, long bytes) {
        long address() {
            return memory.devicePointer() + offset;
        }
    }
}
