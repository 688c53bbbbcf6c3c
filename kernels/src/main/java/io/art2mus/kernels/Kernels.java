package io.art2mus.kernels;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaException;
import io.art2mus.ffi.cuda.CudaFunction;
import io.art2mus.ffi.cuda.CudaModule;
import io.art2mus.ffi.nvrtc.Nvrtc;
import io.art2mus.ffi.nvrtc.NvrtcProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of one GPU, for launchers. A source file is loaded when the first of its kernels is wanted: from the jar where that holds
 * machine code for this GPU, else compiled by NVRTC, which takes seconds and is remembered in the user's cache.
 *
 * <p>Owned by the thread that opened it; everything prepared from it is unusable once it is closed.
 */
public final class Kernels implements AutoCloseable {
    /**
     * As the build's {@code nvcc} has it, so that both see the same program. Without denormal numbers in float32 exponentials are one
     * instruction.
     */
    private static final List<String> LANGUAGE = List.of("--std=c++17", "--ftz=true");

    /** Dynamic bytes that no kernel has to be allowed: the driver's limit but for what some kernels have of static ones. */
    private static final int FREELY_SHARED_BYTES = CudaFunction.FREELY_SHARED_BYTES - (2 << 10);

    private final Cuda cuda;
    private final CudaDevice device;
    private final @Nullable UserCache cache;
    private final HandleScope scope = new HandleScope();
    private final Map<String, CudaModule> modules = new HashMap<>();
    private final Map<String, CudaFunction> functions = new HashMap<>();
    private final Map<String, Integer> allowedSharedBytes = new HashMap<>();

    private Kernels(Cuda cuda, CudaDevice device, @Nullable UserCache cache) {
        this.cuda = cuda;
        this.device = device;
        this.cache = cache;
    }

    /**
     * Kernels for the device whose context is the calling thread's; none is loaded yet.
     *
     * @param cache where compiled kernels are remembered; null compiles them anew
     */
    public static Kernels open(Cuda cuda, CudaDevice device, @Nullable UserCache cache) {
        return new Kernels(cuda, device, cache);
    }

    /** The GPU that they run on. */
    CudaDevice device() {
        return device;
    }

    /**
     * The kernel {@code <file>_<what>} of the file {@code <file>.cu}, allowed to have the dynamic shared memory it is launched with.
     *
     * @param sharedBytes dynamic shared bytes of a block
     * @throws IllegalArgumentException where a block of this GPU cannot have so many
     */
    CudaFunction function(String file, String what, int sharedBytes) {
        String name = file + "_" + what;
        if (sharedBytes > device.sharedBytesPerBlock()) {
            throw new IllegalArgumentException(name + " needs " + sharedBytes + " bytes of shared memory, a block of "
                    + device.name() + " has " + device.sharedBytesPerBlock());
        }
        CudaFunction function = functions.computeIfAbsent(
                name, _ -> modules.computeIfAbsent(file, this::load).function(name));
        // Less than what is allowed already must not take it from a launch that was prepared before.
        if (sharedBytes > allowedSharedBytes.getOrDefault(name, FREELY_SHARED_BYTES)) {
            function.allowSharedBytes(sharedBytes);
            allowedSharedBytes.put(name, sharedBytes);
        }
        return function;
    }

    private CudaModule load(String file) {
        KernelSource source = new KernelSource(file);
        Optional<byte[]> carried = source.fatBinary();
        if (carried.isPresent()) {
            try {
                return scope.own(CudaModule.load(cuda, carried.get()));
            } catch (CudaException failure) {
                if (!failure.isNoBinaryForGpu()) {
                    throw failure;
                }
            }
        }
        return scope.own(CudaModule.load(cuda, compiled(source)));
    }

    private byte[] compiled(KernelSource source) {
        Nvrtc nvrtc = Nvrtc.load();
        Map<String, String> headers = KernelSource.headers();
        String text = source.text();
        String key = String.join(
                "\n",
                source.name(),
                device.architecture(),
                nvrtc.version(),
                LANGUAGE.toString(),
                UserCache.nameOf(text + headers.values()));
        if (cache != null) {
            Optional<byte[]> remembered = cache.recall(CacheKind.KERNELS, key);
            if (remembered.isPresent()) {
                return remembered.get();
            }
        }
        try (NvrtcProgram program = NvrtcProgram.compile(
                nvrtc, source.fileName(), text, headers, options("--gpu-architecture=" + device.architecture()))) {
            byte[] image = program.cubin();
            if (cache != null) {
                cache.remember(CacheKind.KERNELS, key, image);
            }
            return image;
        }
    }

    /** The language, for an architecture. */
    static List<String> options(String architecture) {
        return Stream.concat(Stream.of(architecture), LANGUAGE.stream()).toList();
    }

    @Override
    public void close() {
        scope.close();
    }
}
