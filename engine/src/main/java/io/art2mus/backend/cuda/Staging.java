package io.art2mus.backend.cuda;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.PinnedMemory;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pinned memory through which everything goes to the device and comes back; as long as the longest of it so far. */
final class Staging implements AutoCloseable {
    private final Cuda cuda;
    private final CudaStream stream;
    private @Nullable PinnedMemory pinned;

    /** Whether the device may still be reading what was written last. */
    private boolean read;

    Staging(Cuda cuda, CudaStream stream) {
        this.cuda = cuda;
        this.stream = stream;
    }

    /** Appends to the stream: overwrites {@code room} with what {@code writer} writes. */
    void upload(DeviceArena.Room room, Consumer<MemorySegment> writer) {
        PinnedMemory memory = atLeast(room.bytes());
        if (read) {
            stream.synchronize();
        }
        writer.accept(memory.bytes().asSlice(0, room.bytes()));
        room.memory().upload(stream, room.offset(), memory, room.bytes());
        read = true;
    }

    /** Waits for the stream and shows {@code reader} what {@code room} holds then. */
    void download(DeviceArena.Room room, Consumer<MemorySegment> reader) {
        PinnedMemory memory = atLeast(room.bytes());
        room.memory().download(stream, room.offset(), memory, room.bytes());
        stream.synchronize();
        read = false;
        reader.accept(memory.bytes().asSlice(0, room.bytes()));
    }

    private PinnedMemory atLeast(long bytes) {
        PinnedMemory memory = pinned;
        if (memory == null || memory.bytes().byteSize() < bytes) {
            close();
            memory = PinnedMemory.allocate(cuda, bytes);
            pinned = memory;
        }
        return memory;
    }

    @Override
    public void close() {
        NativeHandle memory = pinned;
        if (memory != null) {
            stream.synchronize();
            read = false;
            pinned = null;
            memory.close();
        }
    }
}
