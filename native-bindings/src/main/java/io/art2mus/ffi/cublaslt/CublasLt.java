package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_STATUS_SUCCESS;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtGetStatusName;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtGetStatusString;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtGetVersion;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;

/** cuBLASLt of CUDA 13, once it is loaded. */
public final class CublasLt {
    private static final int MAJOR = 13;
    private static final CublasLt LOADED = new CublasLt();
    private static final LibraryStatus STATUS =
            LibrarySearch.ofProcess().probe(NativeLibrary.CUBLASLT, LOADED::supportedVersion);

    private CublasLt() {}

    /** Whether cuBLASLt can be loaded here; whether there is a GPU is another question. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /**
     * The loaded library.
     *
     * @throws LibraryUnavailableException with the reason and the remedy
     */
    public static CublasLt load() {
        STATUS.require(NativeLibrary.CUBLASLT);
        return LOADED;
    }

    /** As {@code 13.1.1}. */
    public String version() {
        return STATUS.require(NativeLibrary.CUBLASLT).version();
    }

    /** The one place where a status of this library becomes an exception. */
    void check(String call, int code) {
        if (code != CUBLAS_STATUS_SUCCESS()) {
            throw new CublasLtException(
                    call,
                    code,
                    cublasLtGetStatusName(code).getString(0),
                    cublasLtGetStatusString(code).getString(0));
        }
    }

    private String supportedVersion() {
        long version = cublasLtGetVersion();
        String readable = version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
        if (version / 10000 != MAJOR) {
            throw new LibraryUnavailableException(
                    NativeLibrary.CUBLASLT,
                    "version " + readable + " is not supported",
                    "name the one of CUDA " + MAJOR + " in " + NativeLibrary.CUBLASLT.variable());
        }
        return readable;
    }
}
