package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_STATUS_SUCCESS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnGetErrorString;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnGetLastErrorString;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnGetVersion;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** cuDNN 9, once it is loaded. */
public final class Cudnn {
    private static final int MAJOR = 9;
    private static final int LONGEST_MESSAGE = 1024;

    private static final Cudnn LOADED = new Cudnn();
    private static final LibraryStatus STATUS =
            LibrarySearch.ofProcess().probe(NativeLibrary.CUDNN, () -> supportedVersion(cudnnGetVersion()));

    private Cudnn() {}

    /** Whether cuDNN can be loaded here; whether there is a GPU is another question. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /**
     * The loaded library.
     *
     * @throws LibraryUnavailableException with the reason and the remedy
     */
    public static Cudnn load() {
        STATUS.require(NativeLibrary.CUDNN);
        return LOADED;
    }

    /** As {@code 9.24.0}. */
    public String version() {
        return STATUS.require(NativeLibrary.CUDNN).version();
    }

    /** The one place where a status of this library becomes an exception. */
    void check(String call, int code) {
        if (code != CUDNN_STATUS_SUCCESS()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment message = arena.allocate(LONGEST_MESSAGE);
                cudnnGetLastErrorString(message, LONGEST_MESSAGE);
                String text = message.getString(0).replaceAll("\\s+", " ").strip();
                throw new CudnnException(call, code, cudnnGetErrorString(code).getString(0), text);
            }
        }
    }

    /** cuDNN's version number made readable, where we support it. */
    static String supportedVersion(long version) {
        String readable = version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
        if (version / 10000 != MAJOR) {
            throw new LibraryUnavailableException(
                    NativeLibrary.CUDNN,
                    "version " + readable + " is not supported",
                    "name cuDNN " + MAJOR + " for CUDA 13 in " + NativeLibrary.CUDNN.variable());
        }
        return readable;
    }
}
