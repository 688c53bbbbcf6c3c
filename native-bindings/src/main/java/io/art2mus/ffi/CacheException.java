package io.art2mus.ffi;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The per-user cache cannot be used: one line that names the folder or file, the system's reason, and the remedy. */
public final class CacheException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String fault;
    private final String remedy;

    private CacheException(String fault, String remedy, @Nullable Throwable cause) {
        super(fault + "; " + remedy, cause);
        this.fault = fault;
        this.remedy = remedy;
    }

    static CacheException unwritable(Path path, IOException failure) {
        return new CacheException(
                "cannot write " + path + ": " + reason(failure),
                "make it writable with room to spare, or set " + UserCache.VARIABLE + " to another folder",
                failure);
    }

    static CacheException refused(Path folder, String why) {
        return new CacheException(
                "cache folder " + folder + " is refused: " + why,
                "set " + UserCache.VARIABLE + " to a folder of your own",
                null);
    }

    static CacheException damagedSource(Path path, String expected, String found) {
        return new CacheException(
                "cannot write " + path + ": its source has SHA-256 " + found + ", expected " + expected,
                "build the project again",
                null);
    }

    /** What went wrong, and where. */
    String fault() {
        return fault;
    }

    /** What to do. */
    String remedy() {
        return remedy;
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such folder";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
