package io.art2mus.ffi.onednn;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.generated.onednn.dnnl_h;
import io.art2mus.ffi.generated.onednn.dnnl_version_t;
import io.art2mus.ffi.generated.openmp.omp_h;
import java.lang.foreign.MemorySegment;

/** The library as a whole: whether it is there, what it generates code for, and its process-wide settings. */
public final class OneDnn {
    private OneDnn() {}

    /** Whether oneDNN can be used in this process; looked up once. */
    public static LibraryStatus status() {
        return Lookup.STATUS;
    }

    /**
     * Makes sure that oneDNN is in the process. Everything in this package does so itself.
     *
     * @throws LibraryUnavailableException where it cannot be used
     */
    public static LibraryStatus.Available load() {
        return status().require(NativeLibrary.ONEDNN);
    }

    /** The instruction set that primitives are generated for. */
    public static InstructionSet instructionSet() {
        load();
        return InstructionSet.of(dnnl_h.dnnl_get_effective_cpu_isa());
    }

    /**
     * Threads that primitives made by the calling thread from now on are built for and run with. OpenMP keeps the number
     * for each thread, so the thread that makes and runs the primitives is the one to call this, before it makes any.
     */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least 1 thread, not " + threads);
        }
        load();
        omp_h.omp_set_num_threads(threads);
    }

    /** Threads that a primitive made by the calling thread now would be built for. */
    public static int threads() {
        load();
        return omp_h.omp_get_max_threads();
    }

    private static String supportedVersion() {
        MemorySegment version = dnnl_h.dnnl_version().reinterpret(dnnl_version_t.sizeof());
        int major = dnnl_version_t.major(version);
        int minor = dnnl_version_t.minor(version);
        String text = major + "." + minor + "." + dnnl_version_t.patch(version);
        if (major != dnnl_h.DNNL_VERSION_MAJOR() || minor < dnnl_h.DNNL_VERSION_MINOR()) {
            throw new LibraryUnavailableException(
                    NativeLibrary.ONEDNN,
                    "version " + text + " is not supported",
                    "unset " + NativeLibrary.ONEDNN.variable() + ", version " + dnnl_h.DNNL_VERSION_MAJOR() + "."
                            + dnnl_h.DNNL_VERSION_MINOR() + " is carried with the program");
        }
        return text;
    }

    /** Done at the first question, not when this class is loaded. */
    private static final class Lookup {
        static final LibraryStatus STATUS =
                LibrarySearch.ofProcess().probe(NativeLibrary.ONEDNN, OneDnn::supportedVersion);
    }
}
