package io.art2mus.ffi.nvrtc;

import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.C_INT;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.NVRTC_SUCCESS;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetErrorString;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetNumSupportedArchs;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetSupportedArchs;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcVersion;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/** NVRTC of CUDA 13, once it is loaded. It needs no GPU. */
public final class Nvrtc {
    private static final int MAJOR = 13;
    private static final Nvrtc LOADED = new Nvrtc();
    private static final LibraryStatus STATUS =
            LibrarySearch.ofProcess().probe(NativeLibrary.NVRTC, LOADED::supportedVersion);

    private Nvrtc() {}

    /** Whether NVRTC can be used here; loads it when asked first. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /**
     * The loaded library.
     *
     * @throws LibraryUnavailableException with the reason and the remedy
     */
    public static Nvrtc load() {
        STATUS.require(NativeLibrary.NVRTC);
        return LOADED;
    }

    /** As {@code 13.0}. */
    public String version() {
        return STATUS.require(NativeLibrary.NVRTC).version();
    }

    /** The architectures it compiles for, ascending: 90 for {@code sm_90}. */
    public List<Integer> architectures() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(C_INT);
            check("nvrtcGetNumSupportedArchs", nvrtcGetNumSupportedArchs(count));
            MemorySegment architectures = arena.allocate(C_INT, count.get(C_INT, 0));
            check("nvrtcGetSupportedArchs", nvrtcGetSupportedArchs(architectures));
            return IntStream.of(architectures.toArray(C_INT)).boxed().toList();
        }
    }

    void check(String call, int code) {
        check(call, code, "");
    }

    /** The one place where a status of this library becomes an exception. */
    void check(String call, int code, String log) {
        if (code != NVRTC_SUCCESS()) {
            throw new NvrtcException(call, code, nvrtcGetErrorString(code).getString(0), log);
        }
    }

    private String supportedVersion() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(C_INT);
            MemorySegment minor = arena.allocate(C_INT);
            check("nvrtcVersion", nvrtcVersion(major, minor));
            String version = major.get(C_INT, 0) + "." + minor.get(C_INT, 0);
            if (major.get(C_INT, 0) != MAJOR) {
                throw new LibraryUnavailableException(
                        NativeLibrary.NVRTC,
                        "version " + version + " is not supported",
                        "name the one of CUDA " + MAJOR + " in " + NativeLibrary.NVRTC.variable());
            }
            return version;
        }
    }
}
