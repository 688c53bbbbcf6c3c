package io.art2mus.ffi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one folder in which everything that can be made again is kept, one sub-folder a {@link CacheKind}.
 *
 * <p>It is {@code $ART2MUS_CACHE}, else {@code $XDG_CACHE_HOME/art2mus}, else {@code ~/.cache/art2mus}. Folders have mode
 * 0700; one that another user owns, or that is a link which another user could turn elsewhere, is refused. Entries are
 * written beside and renamed, remembered with their SHA-256, and made again when damaged, so that two processes may make
 * the same entry at once. All kinds together take at most {@link #LIMIT}: what was used longest ago goes when more is written.
 */
public final class UserCache {
    /** Environment variable that names the folder. */
    public static final String VARIABLE = "ART2MUS_CACHE";

    /** Bytes that the cache takes at most, but for what was used within the last minutes. Many times what one version unpacks. */
    public static final long LIMIT = 4L << 30;

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> CREATE_PRIVATE =
            PosixFilePermissions.asFileAttribute(PRIVATE);

    private final Path root;
    private final long limit;

    /** Bytes written since the contents were last counted; the first one has them counted. */
    private final AtomicLong uncounted;

    private UserCache(Path root, long limit) {
        this.root = root;
        this.limit = limit;
        this.uncounted = new AtomicLong(limit);
    }

    /** The cache of the user who runs this process. Nothing is created before it is needed. */
    public static UserCache ofUser() {
        return at(location(System::getenv, System.getProperty("user.home", "")));
    }

    /** A cache in {@code folder}, which need not exist yet. */
    public static UserCache at(Path folder) {
        return at(folder, LIMIT);
    }

    static UserCache at(Path folder, long limit) {
        return new UserCache(folder.toAbsolutePath().normalize(), limit);
    }

    static Path location(UnaryOperator<@Nullable String> environment, String home) {
        String explicit = environment.apply(VARIABLE);
        if (explicit != null && !explicit.isEmpty()) {
            return Path.of(explicit);
        }
        String xdg = environment.apply("XDG_CACHE_HOME");
        // The XDG specification has relative paths ignored.
        if (xdg != null && xdg.startsWith("/")) {
            return Path.of(xdg, "art2mus");
        }
        if (!home.startsWith("/")) {
            throw CacheException.refused(Path.of("~/.cache/art2mus"), "this user has no home folder");
        }
        return Path.of(home, ".cache", "art2mus");
    }

    /** The folder of the whole cache; it may not exist yet. */
    public Path root() {
        return root;
    }

    /**
     * The folder of one kind of entries, created with mode 0700 where it is missing.
     *
     * @throws CacheException when it cannot be created or belongs to another user
     */
    public Path folder(CacheKind kind) {
        privateFolder(root);
        return privateFolder(root.resolve(kind.toString()));
    }

    /** Writes the bytes of an entry. */
    @FunctionalInterface
    public interface Content {
        /** Writes all bytes to {@code out}, which the cache closes. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * The intact file of an entry, made from {@code content} where it is missing or damaged.
     *
     * @param kind whose folder it lies in
     * @param name path below it, which also names the version of what is kept
     * @throws CacheException when the file cannot be written
     */
    public Path entry(CacheKind kind, String name, Content content) {
        return entry(kind, name, null, content);
    }

    /** As above, where only one content is accepted: the one of this SHA-256, in hexadecimal. */
    Path entry(CacheKind kind, String name, @Nullable String sha256, Content content) {
        Path relative = Path.of(name);
        if (relative.isAbsolute() || !relative.equals(relative.normalize()) || relative.startsWith("..")) {
            throw new IllegalArgumentException("cache entry " + name + " leaves its folder");
        }
        Path folder = folder(kind);
        int last = relative.getNameCount() - 1;
        for (int i = 0; i < last; i++) {
            folder = privateFolder(folder.resolve(relative.getName(i)));
        }
        Path file = folder.resolve(relative.getName(last));
        CacheEntry entry = new CacheEntry(folder, file);
        if (!entry.isIntact(sha256)) {
            entry.write(sha256, content);
            trim();
        }
        return file;
    }

    /** The name of an entry that depends on everything {@code key} says and on nothing else. */
    public static String nameOf(String key) {
        return HexFormat.of().formatHex(CacheEntry.sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The file that {@link #replace} wrote; empty where there is none, or it is damaged, or cannot be read.
     *
     * @param name without folders
     * @throws CacheException when the folder belongs to another user
     */
    public Optional<Path> find(CacheKind kind, String name) {
        Path folder = root.resolve(kind.toString());
        try {
            requireOwn(root);
            requireOwn(folder);
        } catch (IOException _) {
            return Optional.empty();
        }
        Path file = folder.resolve(name);
        try {
            return new CacheEntry(folder, file).isIntact(null) ? Optional.of(file) : Optional.empty();
        } catch (CacheException _) {
            return Optional.empty();
        }
    }

    /**
     * Writes a file in the place of what was there; processes that have the old one open keep it. Where the disk is full or may only be
     * read nothing changes.
     *
     * @param name without folders
     * @throws CacheException when the folder belongs to another user
     */
    public void replace(CacheKind kind, String name, Content content) {
        Path folder = root.resolve(kind.toString());
        try {
            makePrivate(root);
            makePrivate(folder);
        } catch (IOException _) {
            return;
        }
        Path file = folder.resolve(name);
        try {
            new CacheEntry(folder, file).write(null, content);
            grew(Files.size(file));
        } catch (CacheException | IOException _) {
            // Whoever asks can make it again.
        }
    }

    /**
     * Small bytes that were {@linkplain #remember remembered} under a key; empty where they were not, are damaged, or cannot be read.
     *
     * @param key everything that the bytes depend on
     * @throws CacheException when the folder belongs to another user
     */
    public Optional<byte[]> recall(CacheKind kind, String key) {
        Path folder = root.resolve(kind.toString());
        try {
            requireOwn(root);
            requireOwn(folder);
            return new SmallEntry(folder, key).read();
        } catch (IOException _) {
            // Whoever asks can make them again.
            return Optional.empty();
        }
    }

    /**
     * Keeps small bytes under a key, in the place of what was kept there. Where the disk is full or may only be read they are not kept,
     * which costs no more than time.
     *
     * @param bytes a few megabytes at most: they are read and verified as a whole
     * @throws CacheException when the folder belongs to another user
     */
    public void remember(CacheKind kind, String key, byte[] bytes) {
        Path folder = root.resolve(kind.toString());
        try {
            makePrivate(root);
            makePrivate(folder);
            new SmallEntry(folder, key).write(bytes);
        } catch (IOException _) {
            return;
        }
        grew(bytes.length);
    }

    /** Counting takes a look at every file: not for each of thousands of pictures. */
    private void grew(long bytes) {
        if (uncounted.addAndGet(bytes) >= limit / 16) {
            uncounted.set(0);
            trim();
        }
    }

    /** What each kind takes that has entries. */
    public Map<CacheKind, CacheUsage> usage() {
        Map<CacheKind, CacheUsage> usage = new EnumMap<>(CacheKind.class);
        for (CacheKind kind : CacheKind.values()) {
            CacheUsage one = contents(Set.of(kind)).usage();
            if (one.entries() > 0) {
                usage.put(kind, one);
            }
        }
        return usage;
    }

    /**
     * Deletes the entries of some kinds. Processes that use them go on: what they opened stays theirs, and what they want next they make
     * again.
     *
     * @return what was deleted
     * @throws CacheException when the folder belongs to another user, or an entry cannot be deleted
     */
    public CacheUsage clear(Set<CacheKind> kinds) {
        if (!Files.isDirectory(root)) {
            return new CacheUsage(0, 0);
        }
        try {
            requireOwn(root);
            return contents(kinds).clear();
        } catch (IOException failure) {
            throw CacheException.unwritable(root, failure);
        }
    }

    private void trim() {
        try {
            contents(EnumSet.allOf(CacheKind.class)).trim(limit);
        } catch (IOException _) {
            // What was asked for is in its place; a folder that is too large is no reason to fail.
        }
    }

    private CacheContents contents(Set<CacheKind> kinds) {
        return CacheContents.of(
                kinds.stream().map(kind -> root.resolve(kind.toString())).toList());
    }

    private static Path privateFolder(Path folder) {
        try {
            makePrivate(folder);
        } catch (IOException failure) {
            throw CacheException.unwritable(folder, failure);
        }
        return folder;
    }

    private static void makePrivate(Path folder) throws IOException {
        try {
            if (!Files.isDirectory(folder)) {
                Path parent = folder.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(folder, CREATE_PRIVATE);
            }
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isDirectory(folder)) {
                throw CacheException.refused(folder, "it is a file, not a folder");
            }
        }
        requireOwn(folder);
    }

    private static void requireOwn(Path folder) throws IOException {
        // The folder of a process belongs to its effective user.
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Object owner = Files.getAttribute(folder, "unix:uid");
        Object linkOwner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(user) || !linkOwner.equals(user)) {
            throw CacheException.refused(
                    folder, "it belongs to user " + (owner.equals(user) ? linkOwner : owner) + ", you are " + user);
        }
        if (!Files.getPosixFilePermissions(folder).equals(PRIVATE)) {
            Files.setPosixFilePermissions(folder, PRIVATE);
        }
    }
}
