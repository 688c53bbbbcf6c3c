package io.art2mus.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** A whole file mapped read-only, and the arena that owns the mapping. */
final class MappedFile implements AutoCloseable {
    private final Path path;
    private final long size;
    private final FileTime modified;
    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Path path, BasicFileAttributes attributes, Arena arena, MemorySegment bytes) {
        this.path = path;
        this.size = attributes.size();
        this.modified = attributes.lastModifiedTime();
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Maps a file, through symbolic links. */
    static MappedFile open(Path path) {
        // Asked before opening, for opening a pipe would wait for its writer.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new WeightsException("not a file", path, "give a file of the checkpoint");
        }
        // Shared: compiling a plan may read weights from several threads.
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, attributes.size(), arena);
            return new MappedFile(path, attributes, arena, bytes);
        } catch (NoSuchFileException missing) {
            arena.close();
            throw new WeightsException("no such file", path, "check the checkpoint's folder", missing);
        } catch (IOException unreadable) {
            arena.close();
            throw new WeightsException("cannot be read", path, "check its permissions", unreadable);
        } catch (Throwable refused) {
            arena.close();
            throw refused;
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    MemorySegment bytes() {
        return bytes;
    }

    /**
     * A span that begins on a multiple of {@code alignment} bytes: the file's own bytes where they do, as every current
     * writer takes care, and a copy owned by this file where they do not.
     */
    MemorySegment span(long offset, long length, int alignment) {
        MemorySegment inPlace = bytes.asSlice(offset, length);
        if (inPlace.address() % alignment == 0) {
            return inPlace;
        }
        return arena.allocate(length, alignment).copyFrom(inPlace).asReadOnly();
    }

    /** The error for a file whose content contradicts itself. */
    WeightsException damaged(String what) {
        return new WeightsException(what, path, "the file is damaged, fetch it again");
    }

    /** Refuses a file that was written to since it was opened: touching a mapped page that is gone kills the process. */
    void requireUnchanged() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (now.size() != size) {
                throw changed("was " + size + " bytes when opened and is " + now.size() + " now");
            }
            if (!now.lastModifiedTime().equals(modified)) {
                throw changed("was modified at " + now.lastModifiedTime() + ", after it was opened");
            }
        } catch (IOException gone) {
            throw new WeightsException("is gone since it was opened", path, "leave it in place and start again", gone);
        }
    }

    private WeightsException changed(String how) {
        return new WeightsException(how, path, "leave it alone while it is in use and start again");
    }

    /** Unmaps the file once; later calls do nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
