package io.art2mus.provenance;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** SHA-256 of files, read once and then remembered while the file system says that they are as they were. */
public final class FileDigests {
    private static final int BLOCK = 1 << 20;

    /** A file may change again within the grain of its times; some file systems count in two seconds. */
    private static final Duration GRAIN = Duration.ofSeconds(2);

    private final @Nullable UserCache cache;

    private FileDigests(@Nullable UserCache cache) {
        this.cache = cache;
    }

    /** Remembers digests in {@code cache}. */
    public static FileDigests remembering(UserCache cache) {
        return new FileDigests(cache);
    }

    /** Reads every file, and remembers nothing. */
    public static FileDigests withoutCache() {
        return new FileDigests(null);
    }

    /**
     * The digest of a file, through links.
     *
     * @throws ProvenanceException where it cannot be read, or is written to at the same time
     */
    public FileDigest of(Path file) {
        // Asked before opening, for opening a pipe would wait for its writer.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ProvenanceException(file, "not a file", "give a file");
        }
        try {
            return cache == null ? read(file) : remembered(cache, file.toRealPath());
        } catch (NoSuchFileException missing) {
            throw new ProvenanceException(file, "no such file", "check its name", missing);
        } catch (IOException unreadable) {
            throw new ProvenanceException(
                    file, "cannot be read (" + unreadable.getMessage() + ")", "check its permissions", unreadable);
        }
    }

    /** The digests of several files, in their order; they are read at the same time. */
    public Map<Path, FileDigest> ofAll(Collection<Path> files) {
        List<Path> ordered = List.copyOf(files);
        List<FileDigest> digests = ordered.parallelStream().map(this::of).toList();
        Map<Path, FileDigest> found = new LinkedHashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            found.put(ordered.get(i), digests.get(i));
        }
        return found;
    }

    private static FileDigest remembered(UserCache cache, Path file) throws IOException {
        Stamp stamp = Stamp.of(file);
        Optional<String> known = cache.recall(CacheKind.DIGESTS, file.toString())
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(entry -> entry.startsWith(stamp + " "))
                .map(entry -> entry.substring(entry.lastIndexOf(' ') + 1));
        if (known.isPresent()) {
            return new FileDigest(known.get(), stamp.bytes);
        }
        Instant begun = Instant.now();
        FileDigest digest = read(file);
        if (stamp.changed.toInstant().isBefore(begun.minus(GRAIN))) {
            byte[] entry = (stamp + " " + digest.sha256()).getBytes(StandardCharsets.UTF_8);
            cache.remember(CacheKind.DIGESTS, file.toString(), entry);
        }
        return digest;
    }

    private static FileDigest read(Path file) throws IOException {
        Stamp before = Stamp.of(file);
        MessageDigest digest = Sha256.start();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] block = new byte[Math.clamp(before.bytes, 1, BLOCK)];
            for (int read; (read = in.read(block)) > 0; ) {
                digest.update(block, 0, read);
            }
        }
        if (!Stamp.of(file).equals(before)) {
            throw new ProvenanceException(
                    file, "was written to while it was read", "leave it alone while it is in use and start again");
        }
        return new FileDigest(Sha256.finish(digest), before.bytes);
    }

    /**
     * What the file system tells of a file without reading it. The time of the last change of any kind, which nobody can set, is what gives
     * away a file that was rewritten and then dated back.
     */
    private record Stamp(long bytes, FileTime modified, FileTime changed, Object device, Object inode) {
        static Stamp of(Path file) throws IOException {
            Map<String, Object> told = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,dev,ino");
            return new Stamp(
                    (Long) get(told, "size"),
                    (FileTime) get(told, "lastModifiedTime"),
                    (FileTime) get(told, "ctime"),
                    get(told, "dev"),
                    get(told, "ino"));
        }

        private static Object get(Map<String, Object> told, String name) {
            return Objects.requireNonNull(told.get(name), name);
        }

        @Override
        public String toString() {
            return bytes + " " + modified.to(TimeUnit.NANOSECONDS) + " " + changed.to(TimeUnit.NANOSECONDS) + " "
                    + device + " " + inode;
        }
    }
}
