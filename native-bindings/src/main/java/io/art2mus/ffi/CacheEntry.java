package io.art2mus.ffi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One file of the cache, and beside it a marker with the SHA-256 that was verified and the size, modification time and
 * inode that the file then had. While those three stand, the file is taken as verified, so that a library of 92 MB is not
 * hashed at every start; when they do not, it is hashed again. Whatever is not an entry has a name that begins with a dot.
 */
final class CacheEntry {
    private final Path folder;
    private final Path file;
    private final Path marker;

    CacheEntry(Path folder, Path file) {
        this.folder = folder;
        this.file = file;
        this.marker = marker(file);
    }

    /** Where the marker of a file lies. Its time is that of the file's last use. */
    static Path marker(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".sha256");
    }

    /** Sets a file's time to now, where that is allowed: a cache that may only be read is of use too. */
    static void markUsed(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException _) {
            // Then it looks older than it is, and the worst is that it is made again.
        }
    }

    /** Whether the file holds what {@code sha256} says, or, where that is null, what was last written to it. */
    boolean isIntact(@Nullable String sha256) {
        try {
            String now = stamp();
            String line = Files.exists(marker) ? Files.readString(marker).strip() : "";
            int space = line.indexOf(' ');
            String remembered = space < 0 ? "" : line.substring(0, space);
            String wanted = sha256 == null ? remembered : sha256;
            if (line.equals(wanted + " " + now)) {
                markUsed(marker);
                return true;
            }
            if (wanted.isEmpty() || !wanted.equals(hash())) {
                return false;
            }
            writeMarker(wanted, now);
            return true;
        } catch (NoSuchFileException missing) {
            return false;
        } catch (IOException unreadable) {
            throw CacheException.unwritable(file, unreadable);
        }
    }

    /** Writes the file beside and renames it; whatever fails leaves the old state. */
    void write(@Nullable String sha256, UserCache.Content content) {
        try {
            Path beside = Files.createTempFile(folder, "." + file.getFileName() + ".", ".part");
            try {
                String written = writeTo(beside, content);
                if (sha256 != null && !sha256.equals(written)) {
                    throw CacheException.damagedSource(file, sha256, written);
                }
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
                writeMarker(written, stamp());
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException failure) {
            throw CacheException.unwritable(file, failure);
        }
    }

    private static String writeTo(Path beside, UserCache.Content content) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
            content.writeTo(out);
            out.flush();
            // After a power failure a renamed file must not be found without its bytes.
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void writeMarker(String sha256, String stamp) throws IOException {
        Path beside = Files.createTempFile(folder, marker.getFileName() + ".", ".part");
        try {
            Files.writeString(beside, sha256 + " " + stamp + "\n");
            Files.move(beside, marker, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private String hash() throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What the file system tells of the file without reading it: bytes, time of modification, device and inode. */
    private String stamp() throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " "
                + attributes.fileKey();
    }
}
