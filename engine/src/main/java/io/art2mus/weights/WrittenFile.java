package io.art2mus.weights;

import io.art2mus.weights.WeightWriter.Bytes;
import io.art2mus.weights.WeightWriter.Declaration;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A file that is filled at known places, and which of its tensors are still to come. */
final class WrittenFile implements AutoCloseable {
    private static final long LONGEST_PART = 1 << 20;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Declaration> missing;

    private WrittenFile(Path path, FileChannel channel, Map<String, Declaration> missing) {
        this.path = path;
        this.channel = channel;
        this.missing = missing;
    }

    /** Creates the file; two tensors of one name are an {@link IllegalArgumentException}. */
    static WrittenFile create(Path path, List<Declaration> tensors) {
        Map<String, Declaration> missing = tensors.stream()
                .collect(Collectors.toMap(
                        Declaration::name,
                        Function.identity(),
                        (one, other) -> {
                            throw new IllegalArgumentException("two tensors are named " + other.name());
                        },
                        ConcurrentHashMap::new));
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return new WrittenFile(path, channel, missing);
        } catch (FileAlreadyExistsException present) {
            throw new WeightsException("exists already", path, "choose another name", present);
        } catch (IOException refused) {
            throw new WeightsException("cannot be created", path, "check that its folder is writable", refused);
        }
    }

    /** Writes all of {@code bytes} at {@code position}. */
    void write(long position, ByteBuffer bytes) {
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException failure) {
            throw new WeightsException(
                    "cannot be written: " + failure.getMessage(), path, "make room or choose another place", failure);
        }
    }

    /** Writes a tensor at {@code position}; {@code each} is shown its parts in their order. */
    void write(String name, long position, Bytes bytes, Consumer<ByteBuffer> each) {
        Declaration tensor = missing.remove(name);
        if (tensor == null) {
            throw new IllegalArgumentException(name + " was not declared, or is written already");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.min(LONGEST_PART, tensor.bytes()), Long.BYTES);
            for (long offset = 0; offset < tensor.bytes(); offset += LONGEST_PART) {
                MemorySegment part = buffer.asSlice(0, Math.min(LONGEST_PART, tensor.bytes() - offset));
                bytes.fill(offset, part);
                each.accept(part.asByteBuffer());
                write(position + offset, part.asByteBuffer());
            }
        }
    }

    /** Refuses to call a file whole that lacks a tensor. */
    void requireWhole() {
        if (!missing.isEmpty()) {
            throw new IllegalStateException(missing.size() + " tensors were not written, "
                    + missing.keySet().iterator().next() + " is one");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new WeightsException(
                    "cannot be written: " + failure.getMessage(), path, "make room or choose another place", failure);
        }
    }
}
