package io.art2mus.ffi;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries that a folder of the cache holds. Only what the cache wrote itself is one: a file with its marker, or a small entry by its
 * name. Whatever else lies there, in a folder that was named by mistake, is neither counted nor deleted.
 *
 * <p>Deleting is safe while other processes use the entries: a library that is mapped outlives its name, and folders stay, so that a file
 * which is being written finds its place.
 */
final class CacheContents {
    /** Files that processes which were killed while writing left behind. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** An entry that was just verified is opened a moment later; on a busy machine, somewhat later. */
    private static final Duration IN_USE = Duration.ofMinutes(10);

    /** A small file takes a whole block. */
    private static final long BLOCK = 4096;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Path> abandoned = new ArrayList<>();

    private CacheContents() {}

    /**
     * An entry.
     *
     * @param files it consists of; without the first it is none
     * @param bytes on disk
     * @param used when it was last used
     */
    private record Entry(List<Path> files, long bytes, FileTime used) {}

    /** What lies below these folders, as far as it can be read; those that are missing hold nothing. */
    static CacheContents of(Iterable<Path> folders) {
        CacheContents contents = new CacheContents();
        for (Path folder : folders) {
            contents.add(folder);
        }
        return contents;
    }

    /** What all entries take together. */
    CacheUsage usage() {
        return usage(entries);
    }

    /** Deletes every entry and what was abandoned. */
    CacheUsage clear() throws IOException {
        deleteAbandoned();
        for (Entry entry : entries) {
            delete(entry);
        }
        return usage(entries);
    }

    /** Deletes what was abandoned and, until the rest takes at most {@code limit} bytes, the entries that were used longest ago. */
    void trim(long limit) throws IOException {
        deleteAbandoned();
        FileTime inUse = ago(IN_USE);
        long excess = usage().bytes() - limit;
        entries.sort(Comparator.comparing(Entry::used));
        for (Entry entry : entries) {
            if (excess <= 0 || entry.used.compareTo(inUse) > 0) {
                return;
            }
            delete(entry);
            excess -= entry.bytes;
        }
    }

    private void add(Path folder) {
        Map<Path, BasicFileAttributes> found = filesBelow(folder);
        found.forEach((file, attributes) -> {
            Path marker = CacheEntry.marker(file);
            BasicFileAttributes marked = found.get(marker);
            if (marked != null) {
                long bytes = onDisk(attributes) + onDisk(marked);
                entries.add(new Entry(List.of(file, marker), bytes, marked.lastModifiedTime()));
            } else if (SmallEntry.isName(file)) {
                entries.add(new Entry(List.of(file), onDisk(attributes), attributes.lastModifiedTime()));
            } else if (isPart(file) && attributes.lastModifiedTime().compareTo(ago(ABANDONED)) < 0) {
                abandoned.add(file);
            }
        });
    }

    private static Map<Path, BasicFileAttributes> filesBelow(Path folder) {
        Map<Path, BasicFileAttributes> found = new HashMap<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        found.put(file, attributes);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException incomplete) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException impossible) {
            throw new AssertionError("no visit fails", impossible);
        }
        return found;
    }

    private static boolean isPart(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(".part");
    }

    private void deleteAbandoned() throws IOException {
        for (Path part : abandoned) {
            Files.deleteIfExists(part);
        }
    }

    private static void delete(Entry entry) throws IOException {
        for (Path file : entry.files) {
            Files.deleteIfExists(file);
        }
    }

    private static CacheUsage usage(List<Entry> entries) {
        return new CacheUsage(
                entries.size(), entries.stream().mapToLong(Entry::bytes).sum());
    }

    private static long onDisk(BasicFileAttributes attributes) {
        return Math.ceilDiv(attributes.size(), BLOCK) * BLOCK;
    }

    private static FileTime ago(Duration duration) {
        return FileTime.from(Instant.now().minus(duration));
    }
}
