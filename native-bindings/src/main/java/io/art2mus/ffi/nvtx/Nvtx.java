package io.art2mus.ffi.nvtx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Ranges of a thread's time under names, one within another, which a profiler shows beside what the GPU did meanwhile. They exist in a
 * process that a profiler started and nowhere else: elsewhere nothing is loaded.
 *
 * <p>Bound by hand: the two functions are all there is, and the vendor's header defines them in place for C.
 */
public final class Nvtx {
    /** Profilers name their library in it for what they start. */
    private static final String PROFILER = "NVTX_INJECTION64_PATH";

    private static final LibraryStatus STATUS = isProfiled()
            ? LibrarySearch.ofProcess().probe(NativeLibrary.NVTX, () -> "3")
            : new LibraryStatus.Unavailable("no profiler started this process", "start it by nsys profile");

    private static final Optional<Nvtx> OF_PROCESS = STATUS.available() ? Optional.of(new Nvtx()) : Optional.empty();

    private final MethodHandle push = handle("nvtxRangePushA", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private final MethodHandle pop = handle("nvtxRangePop", FunctionDescriptor.of(JAVA_INT));

    private Nvtx() {}

    /** Whether a profiler started this process. */
    public static boolean isProfiled() {
        String profiler = System.getenv(PROFILER);
        return profiler != null && !profiler.isEmpty();
    }

    /** Whether ranges can be made here; asked once. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /** This process's ranges; empty where no profiler started it, or the library is missing. */
    public static Optional<Nvtx> ofProcess() {
        return OF_PROCESS;
    }

    /** Begins a range within the calling thread's last one that has not ended. */
    public void push(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) push.invokeExact(arena.allocateFrom(name));
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    /** Ends the calling thread's last range. */
    public void pop() {
        try {
            int _ = (int) pop.invokeExact();
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    /** {@code work} in a range of its own. */
    public Runnable around(String name, Runnable work) {
        return () -> {
            push(name);
            try {
                work.run();
            } finally {
                pop();
            }
        };
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        MemorySegment function = SymbolLookup.loaderLookup().findOrThrow(name);
        return Linker.nativeLinker().downcallHandle(function, descriptor);
    }

    /** A downcall throws nothing that is checked. */
    private static Error rethrown(Throwable failure) {
        return switch (failure) {
            case Error error -> error;
            case RuntimeException unchecked -> throw unchecked;
            default -> new AssertionError(failure);
        };
    }
}
