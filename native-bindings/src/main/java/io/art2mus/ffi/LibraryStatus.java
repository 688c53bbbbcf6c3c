package io.art2mus.ffi;

import java.nio.file.Path;

/** Whether a native library can be used on this machine. A library that is absent is an answer, not a failure. */
public sealed interface LibraryStatus {
    /**
     * It is loaded, and its version is one that we support.
     *
     * @param path the file it was loaded from
     * @param version as the library itself tells it
     */
    record Available(Path path, String version) implements LibraryStatus {}

    /**
     * It cannot be used.
     *
     * @param reason in one line, with the dynamic linker's own words for every file that was tried
     * @param remedy what to do, in one line
     */
    record Unavailable(String reason, String remedy) implements LibraryStatus {}

    /** Whether it is loaded. */
    default boolean available() {
        return this instanceof Available;
    }

    /**
     * The loaded library.
     *
     * @throws LibraryUnavailableException where there is none
     */
    default Available require(NativeLibrary library) {
        return switch (this) {
            case Available loaded -> loaded;
            case Unavailable absent -> throw new LibraryUnavailableException(library, absent.reason(), absent.remedy());
        };
    }
}
