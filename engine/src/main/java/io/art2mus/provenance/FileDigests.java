package io.art2mus.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SHA-256 of files. */
public final class FileDigests {
    private static final int BLOCK = 1 << 20;

    private FileDigests() {}

    /** Reads every file, whatever is remembered. */
    public static FileDigests withoutCache() {
        return new FileDigests();
    }

    /**
     * The digest of a file, through links.
     *
     * @throws ProvenanceException where it cannot be read
     */
    public FileDigest of(Path file) {
        MessageDigest digest = Sha256.start();
        long bytes = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] block = new byte[BLOCK];
            for (int read; (read = in.read(block)) > 0; bytes += read) {
                digest.update(block, 0, read);
            }
        } catch (NoSuchFileException missing) {
            throw new ProvenanceException(file, "no such file", "check its name", missing);
        } catch (IOException unreadable) {
            throw new ProvenanceException(
                    file, "cannot be read (" + unreadable.getMessage() + ")", "check its permissions", unreadable);
        }
        return new FileDigest(Sha256.finish(digest), bytes);
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
}
