package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import io.art2mus.ffi.generated.onnxruntime.OrtApiBase;
import io.art2mus.ffi.generated.onnxruntime.OrtModelEditorApi;
import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The library as a whole: whether it is there, and its two tables of functions, whose statuses are checked here alone. */
public final class OnnxRuntime {
    /** From 1.29 on an environment starts telemetry; before 1.28 the tables are shorter than our bindings. */
    private static final String SUPPORTED = "1.28.";

    private static final String CUDA = "CUDAExecutionProvider";

    private final MemorySegment api;
    private final MemorySegment editor;

    private OnnxRuntime() {
        MemorySegment base = onnxruntime_h.OrtGetApiBase();
        this.api = OrtApiBase.GetApi.invoke(OrtApiBase.GetApi(base), onnxruntime_h.ORT_API_VERSION());
        this.editor = OrtApi.GetModelEditorApi.invoke(OrtApi.GetModelEditorApi(api));
    }

    /** Whether ONNX Runtime can be used in this process; looked up once. */
    public static LibraryStatus status() {
        return Lookup.STATUS;
    }

    /**
     * Whether this build of the library brings its provider for CUDA; the one we carry does not. Whether that finds the CUDA it was built
     * for is known when a session is opened on it.
     */
    public static boolean hasCuda() {
        return load().providers().contains(CUDA);
    }

    private List<String> providers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment names = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check(
                    "GetAvailableProviders",
                    OrtApi.GetAvailableProviders.invoke(OrtApi.GetAvailableProviders(api), names, count));
            MemorySegment list = names.get(onnxruntime_h.C_POINTER, 0);
            int length = count.get(ValueLayout.JAVA_INT, 0);
            try {
                return NativeArrays.strings(list, length);
            } finally {
                check(
                        "ReleaseAvailableProviders",
                        OrtApi.ReleaseAvailableProviders.invoke(OrtApi.ReleaseAvailableProviders(api), list, length));
            }
        }
    }

    /** The library's functions; a {@link LibraryUnavailableException} where it cannot be used. */
    static OnnxRuntime load() {
        status().require(NativeLibrary.ONNXRUNTIME);
        return Tables.OF_PROCESS;
    }

    /** The {@link OrtApi} table. */
    MemorySegment api() {
        return api;
    }

    /** The {@link OrtModelEditorApi} table. */
    MemorySegment editor() {
        return editor;
    }

    /** Frees a status and turns it into an {@link OrtException}; NULL is success. */
    void check(String call, MemorySegment status) {
        if (status.equals(MemorySegment.NULL)) {
            return;
        }
        int code = OrtApi.GetErrorCode.invoke(OrtApi.GetErrorCode(api), status);
        String text = OrtApi.GetErrorMessage.invoke(OrtApi.GetErrorMessage(api), status)
                .getString(0);
        OrtApi.ReleaseStatus.invoke(OrtApi.ReleaseStatus(api), status);
        throw new OrtException(call, code, text.replaceAll("\\s*\\R\\s*", " ").strip());
    }

    private static String supportedVersion() {
        MemorySegment base = onnxruntime_h.OrtGetApiBase();
        String version = OrtApiBase.GetVersionString.invoke(OrtApiBase.GetVersionString(base))
                .getString(0);
        if (!version.startsWith(SUPPORTED)) {
            throw new LibraryUnavailableException(
                    NativeLibrary.ONNXRUNTIME,
                    "version " + version + " is not supported",
                    "use 1.28, or unset " + NativeLibrary.ONNXRUNTIME.variable() + " to take the one we carry");
        }
        return version;
    }

    private static final class Lookup {
        static final LibraryStatus STATUS =
                LibrarySearch.ofProcess().probe(NativeLibrary.ONNXRUNTIME, OnnxRuntime::supportedVersion);
    }

    private static final class Tables {
        static final OnnxRuntime OF_PROCESS = new OnnxRuntime();
    }
}
