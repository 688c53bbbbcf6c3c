package io.art2mus.cli.options;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.cli.KernelTable;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.onednn.OneDnn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What computes, by the names users give it.
 *
 * @param kind auto is the first GPU where CUDA can be used, else the CPU
 * @param ordinal which GPU, in the driver's order
 */
record Device(Kind kind, int ordinal) {
    /** The best there is. */
    static final Device AUTO = new Device(Kind.AUTO, 0);

    /** The processor. */
    static final Device CPU = new Device(Kind.CPU, 0);

    private static final Pattern CUDA = Pattern.compile("cuda(?::([0-9]{1,3}))?");

    /** The kinds that users choose between. */
    enum Kind {
        AUTO,
        CPU,
        CUDA
    }

    /** {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}; an {@link IllegalArgumentException} for anything else. */
    static Device named(String name) {
        Matcher cuda = CUDA.matcher(name);
        if (cuda.matches()) {
            String ordinal = cuda.group(1);
            return new Device(Kind.CUDA, ordinal == null ? 0 : Integer.parseInt(ordinal));
        }
        return switch (name) {
            case "auto" -> AUTO;
            case "cpu" -> CPU;
            default ->
                throw new IllegalArgumentException(
                        "'" + name + "' is no device: give auto, cpu or cuda, or the second GPU as cuda:1");
        };
    }

    /** Whether a GPU computes. */
    boolean isGpu() {
        return switch (kind) {
            case CPU -> false;
            case CUDA -> true;
            case AUTO -> CudaBackend.isUsable();
        };
    }

    /** What suits the device best: float16 on a GPU. */
    Precision bestPrecision() {
        return isGpu() ? Precision.F16 : CpuBackend.bestPrecision();
    }

    /** GPU, or processor and the instructions that are used of it; a {@code RuntimeException} of one line where it cannot be used. */
    String description() {
        return isGpu()
                ? CudaBackend.describe(ordinal)
                : KernelTable.processor() + ", " + OneDnn.instructionSet().text();
    }

    Backend open(Precision precision, int threads, @Nullable UserCache cache) {
        return isGpu() ? CudaBackend.open(ordinal, precision, cache) : CpuBackend.open(threads, precision, cache);
    }
}
