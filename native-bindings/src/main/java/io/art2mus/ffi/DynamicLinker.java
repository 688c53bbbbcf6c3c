package io.art2mus.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Asks glibc's dynamic linker where it would find a library: the process's search path ({@code LD_LIBRARY_PATH}, the
 * linker's cache, the default folders). {@link java.lang.foreign.SymbolLookup#libraryLookup} does the same but keeps
 * neither the path nor the linker's error text.
 */
final class DynamicLinker {
    private static final int RTLD_LAZY = 1;
    private static final int RTLD_DI_LINKMAP = 2;

    private static final AddressLayout STRING =
            ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));
    /** {@code struct link_map} begins with the load address; the file's name follows. */
    private static final AddressLayout LINK_MAP =
            ADDRESS.withTargetLayout(MemoryLayout.structLayout(ADDRESS.withName("l_addr"), STRING.withName("l_name")));

    private static final MethodHandle DLOPEN = handle("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle DLERROR = handle("dlerror", FunctionDescriptor.of(STRING));
    private static final MethodHandle DLINFO =
            handle("dlinfo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle DLCLOSE = handle("dlclose", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    private DynamicLinker() {}

    /**
     * The absolute path of the file that the linker loads under {@code fileName}.
     *
     * @throws UnsatisfiedLinkError with the linker's own text where it loads none
     */
    static Path find(String fileName) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment library = (MemorySegment) DLOPEN.invokeExact(arena.allocateFrom(fileName), RTLD_LAZY);
            if (library.equals(MemorySegment.NULL)) {
                throw new UnsatisfiedLinkError(errorText());
            }
            try {
                MemorySegment out = arena.allocate(LINK_MAP);
                if ((int) DLINFO.invokeExact(library, RTLD_DI_LINKMAP, out) != 0) {
                    throw new UnsatisfiedLinkError(errorText());
                }
                return Path.of(out.get(LINK_MAP, 0)
                                .get(STRING, ADDRESS.byteSize())
                                .getString(0))
                        .toAbsolutePath();
            } finally {
                int _ = (int) DLCLOSE.invokeExact(library);
            }
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String errorText() throws Throwable {
        MemorySegment text = (MemorySegment) DLERROR.invokeExact();
        return text.equals(MemorySegment.NULL) ? "unknown error of the dynamic linker" : text.getString(0);
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
