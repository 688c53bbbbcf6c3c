package io.art2mus.ffi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Some bytes in a file of their own, which is named by the SHA-256 of their key and begins with the SHA-256 of the bytes. They are verified
 * whenever they are read, so that a power failure may do with them what it likes. The file's time is that of the last use.
 */
final class SmallEntry {
    private static final String SUFFIX = ".entry";
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}" + Pattern.quote(SUFFIX));
    private static final int DIGEST_BYTES = 32;

    private final Path file;

    SmallEntry(Path folder, String key) {
        byte[] digest = CacheEntry.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
        file = folder.resolve(HexFormat.of().formatHex(digest) + SUFFIX);
    }

    /** Whether a file of this name is a small entry. */
    static boolean isName(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    /** The bytes; empty where there are none, or not those that were written. */
    Optional<byte[]> read() throws IOException {
        byte[] stored;
        try {
            stored = Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
        byte[] bytes = Arrays.copyOfRange(stored, Math.min(DIGEST_BYTES, stored.length), stored.length);
        byte[] digest = CacheEntry.sha256().digest(bytes);
        if (!MessageDigest.isEqual(digest, Arrays.copyOf(stored, DIGEST_BYTES))) {
            return Optional.empty();
        }
        CacheEntry.markUsed(file);
        return Optional.of(bytes);
    }

    /** Writes the file beside and renames it. */
    void write(byte[] bytes) throws IOException {
        Path beside = Files.createTempFile(file.getParent(), ".", ".part");
        try {
            byte[] stored = Arrays.copyOf(CacheEntry.sha256().digest(bytes), DIGEST_BYTES + bytes.length);
            System.arraycopy(bytes, 0, stored, DIGEST_BYTES, bytes.length);
            Files.write(beside, stored);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
