package io.art2mus.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The pages of mapped files that count as this process's memory. */
public final class MappedPages {
    private static final int MADV_DONTNEED = 4;

    /** Of x86-64. */
    private static final long PAGE = 4096;

    private static final MethodHandle MADVISE = madvise();

    private MappedPages() {}

    /**
     * Lets go of the pages that hold these bytes. What they say does not change: whoever touches them next has them again, from the
     * kernel's own copy while it keeps one, else from the file.
     *
     * @param bytes of a file that is mapped read-only; pages of any other memory would be lost, so it is left alone
     * @return whether the kernel took the advice
     * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise</a>
     */
    public static boolean release(MemorySegment bytes) {
        if (!bytes.isMapped() || !bytes.isReadOnly() || !bytes.scope().isAlive()) {
            return false;
        }
        // A mapping consists of whole pages, and so does what lies at the edges of these bytes within it.
        long first = bytes.address() / PAGE * PAGE;
        long end = Math.ceilDiv(bytes.address() + bytes.byteSize(), PAGE) * PAGE;
        try {
            return (int) MADVISE.invokeExact(MemorySegment.ofAddress(first), end - first, MADV_DONTNEED) == 0;
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static MethodHandle madvise() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("madvise"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }
}
