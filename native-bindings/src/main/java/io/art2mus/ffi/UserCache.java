package io.art2mus.ffi;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one folder in which everything that can be made again is kept, one sub-folder a kind: {@code natives},
 * {@code kernels}, {@code weights}, {@code latents}, {@code embeddings}, {@code digests}.
 *
 * <p>It is {@code $ART2MUS_CACHE}, else {@code $XDG_CACHE_HOME/art2mus}, else {@code ~/.cache/art2mus}. Folders have mode
 * 0700; one that another user owns, or that is a link which another user could turn elsewhere, is refused. Entries are
 * written beside and renamed, remembered with their SHA-256, and made again when damaged, so that two processes may make
 * the same entry at once.
 */
public final class UserCache {
    /** Environment variable that names the folder. */
    public static final String VARIABLE = "ART2MUS_CACHE";

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> CREATE_PRIVATE =
            PosixFilePermissions.asFileAttribute(PRIVATE);

    private final Path root;

    private UserCache(Path root) {
        this.root = root;
    }

    /** The cache of the user who runs this process. Nothing is created before it is needed. */
    public static UserCache ofUser() {
        return at(location(System::getenv, System.getProperty("user.home", "")));
    }

    /** A cache in {@code folder}, which need not exist yet. */
    public static UserCache at(Path folder) {
        return new UserCache(folder.toAbsolutePath().normalize());
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
    public Path folder(String kind) {
        if (!kind.matches("[a-z]+")) {
            throw new IllegalArgumentException("not a kind of cache entries: " + kind);
        }
        privateFolder(root);
        return privateFolder(root.resolve(kind));
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
     * @param kind sub-folder, as for {@link #folder}
     * @param name path below it, which also names the version of what is kept
     * @throws CacheException when the file cannot be written
     */
    public Path entry(String kind, String name, Content content) {
        return entry(kind, name, null, content);
    }

    /** As above, where only one content is accepted: the one of this SHA-256, in hexadecimal. */
    Path entry(String kind, String name, @Nullable String sha256, Content content) {
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
        }
        return file;
    }

    /** Bytes held by each kind that has a folder, in alphabetical order. */
    public Map<String, Long> sizes() {
        Map<String, Long> sizes = new TreeMap<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> kinds = Files.list(root)) {
                kinds.filter(Files::isDirectory)
                        .forEach(kind -> sizes.put(kind.getFileName().toString(), size(kind)));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return sizes;
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (UncheckedIOException | IOException changed) {
            // Another process is writing here: what it holds by now cannot be told.
            return 0;
        }
    }

    private static Path privateFolder(Path folder) {
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
        } catch (IOException failure) {
            throw CacheException.unwritable(folder, failure);
        }
        requireOwn(folder);
        return folder;
    }

    private static void requireOwn(Path folder) {
        try {
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
        } catch (IOException failure) {
            throw CacheException.unwritable(folder, failure);
        }
    }
}
