package io.art2mus.ffi.cublas;

import static io.art2mus.ffi.generated.cublas.cublas_h.CUBLAS_STATUS_SUCCESS;
import static io.art2mus.ffi.generated.cublas.cublas_h.C_INT;
import static io.art2mus.ffi.generated.cublas.cublas_h.cublasGetStatusName;
import static io.art2mus.ffi.generated.cublas.cublas_h.cublasGetStatusString;
import static io.art2mus.ffi.generated.cublas.cublas_h.cublasGetVersion_v2;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** cuBLAS of CUDA 13, once it is loaded. */
public final class Cublas {
    private static final int MAJOR = 13;
    private static final Cublas LOADED = new Cublas();
    private static final LibraryStatus STATUS =
            LibrarySearch.ofProcess().probe(NativeLibrary.CUBLAS, LOADED::supportedVersion);

    private Cublas() {}

    /** Whether cuBLAS can be loaded here; whether there is a GPU is another question. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /**
     * The loaded library.
     *
     * @throws LibraryUnavailableException with the reason and the remedy
     */
    public static Cublas load() {
        STATUS.require(NativeLibrary.CUBLAS);
        return LOADED;
    }

    /** As {@code 13.1.1}. */
    public String version() {
        return STATUS.require(NativeLibrary.CUBLAS).version();
    }

    /** The one place where a status of this library becomes an exception. */
    void check(String call, int code) {
        if (code != CUBLAS_STATUS_SUCCESS()) {
            throw new CublasException(
                    call,
                    code,
                    cublasGetStatusName(code).getString(0),
                    cublasGetStatusString(code).getString(0));
        }
    }

    private String supportedVersion() {
        int version;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(C_INT);
            // The version is the library's, not the handle's.
            check("cublasGetVersion", cublasGetVersion_v2(MemorySegment.NULL, out));
            version = out.get(C_INT, 0);
        }
        String readable = version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
        if (version / 10000 != MAJOR) {
            throw new LibraryUnavailableException(
                    NativeLibrary.CUBLAS,
                    "version " + readable + " is not supported",
                    "name the one of CUDA " + MAJOR + " in " + NativeLibrary.CUBLAS.variable());
        }
        return readable;
    }
}
