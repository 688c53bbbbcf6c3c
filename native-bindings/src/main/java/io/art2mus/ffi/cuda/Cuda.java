package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_SUCCESS;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_CLOCK_RATE;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_PCI_BUS_ID;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_INT;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_LONG;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDeviceGet;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDeviceGetAttribute;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDeviceGetCount;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDeviceGetName;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDeviceTotalMem_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDriverGetVersion;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGetErrorName;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGetErrorString;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuInit;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The CUDA driver API, once it is loaded and initialised. May be shared between threads. */
public final class Cuda {
    /** CUDA 13.0, as {@code cuDriverGetVersion} counts. */
    private static final int OLDEST = 13000;

    private static final Path KERNEL_MODULE_VERSION = Path.of("/sys/module/nvidia/version");
    private static final int LONGEST_NAME = 256;

    private static final Cuda LOADED = new Cuda();
    private static final LibraryStatus STATUS =
            LibrarySearch.ofProcess().probe(NativeLibrary.CUDA_DRIVER, LOADED::initialise);

    private Cuda() {}

    /** Whether a GPU can be used here: the driver is there, new enough, and initialises; asked once. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /**
     * The initialised driver.
     *
     * @throws LibraryUnavailableException with the reason and the remedy
     */
    public static Cuda load() {
        STATUS.require(NativeLibrary.CUDA_DRIVER);
        return LOADED;
    }

    /** The newest CUDA that the driver supports, as {@code 13.0}. */
    public String version() {
        return STATUS.require(NativeLibrary.CUDA_DRIVER).version();
    }

    /** The driver's own version, as {@code 580.65.06}; empty where the system does not tell it (WSL 2). */
    public Optional<String> driverVersion() {
        try {
            return Optional.of(Files.readString(KERNEL_MODULE_VERSION).strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** The GPUs, in the driver's order. */
    public List<CudaDevice> devices() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(C_LONG);
            check("cuDeviceGetCount", cuDeviceGetCount(out));
            int count = out.get(C_INT, 0);
            List<CudaDevice> devices = new ArrayList<>();
            for (int ordinal = 0; ordinal < count; ordinal++) {
                devices.add(device(arena, ordinal));
            }
            return devices;
        }
    }

    private CudaDevice device(Arena arena, int ordinal) {
        MemorySegment out = arena.allocate(C_LONG);
        check("cuDeviceGet", cuDeviceGet(out, ordinal));
        int device = out.get(C_INT, 0);
        MemorySegment name = arena.allocate(LONGEST_NAME);
        check("cuDeviceGetName", cuDeviceGetName(name, LONGEST_NAME, device));
        check("cuDeviceTotalMem", cuDeviceTotalMem_v2(out, device));
        long bytes = out.get(C_LONG, 0);
        return new CudaDevice(
                ordinal,
                device,
                name.getString(0),
                attribute(out, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR(), device),
                attribute(out, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR(), device),
                bytes,
                attribute(out, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT(), device),
                attribute(out, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN(), device));
    }

    /** What only reports tell of one of {@link #devices}. */
    public DeviceDetails details(CudaDevice device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(C_INT);
            int handle = device.handle();
            return new DeviceDetails(
                    "%08X:%02X:%02X.0"
                            .formatted(
                                    attribute(out, CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID(), handle),
                                    attribute(out, CU_DEVICE_ATTRIBUTE_PCI_BUS_ID(), handle),
                                    attribute(out, CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID(), handle)),
                    hertz(attribute(out, CU_DEVICE_ATTRIBUTE_CLOCK_RATE(), handle)),
                    hertz(attribute(out, CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE(), handle)),
                    attribute(out, CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH(), handle),
                    attribute(out, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE(), handle));
        }
    }

    /** The driver counts clocks in kHz. */
    private static long hertz(int kilohertz) {
        return kilohertz * 1000L;
    }

    private int attribute(MemorySegment out, int attribute, int device) {
        check("cuDeviceGetAttribute", cuDeviceGetAttribute(out, attribute, device));
        return out.get(C_INT, 0);
    }

    /** The one place where a status of the driver becomes an exception. */
    void check(String call, int code) {
        if (code != CUDA_SUCCESS()) {
            try (Arena arena = Arena.ofConfined()) {
                throw new CudaException(call, code, name(arena, code), text(arena, code));
            }
        }
    }

    private static String name(Arena arena, int code) {
        MemorySegment out = arena.allocate(C_POINTER);
        return cuGetErrorName(code, out) == CUDA_SUCCESS()
                ? out.get(C_POINTER, 0).getString(0)
                : "unknown code";
    }

    private static String text(Arena arena, int code) {
        MemorySegment out = arena.allocate(C_POINTER);
        return cuGetErrorString(code, out) == CUDA_SUCCESS()
                ? out.get(C_POINTER, 0).getString(0)
                : "";
    }

    private String initialise() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(C_INT);
            check("cuDriverGetVersion", cuDriverGetVersion(out));
            String version = supportedVersion(out.get(C_INT, 0));
            check("cuInit", cuInit(0));
            return version;
        } catch (CudaException failure) {
            throw new LibraryUnavailableException(
                    NativeLibrary.CUDA_DRIVER,
                    String.valueOf(failure.getMessage()),
                    "make a GPU visible to this process (nvidia-smi lists those that are)");
        }
    }

    static String supportedVersion(int version) {
        String readable = version / 1000 + "." + version % 1000 / 10;
        if (version < OLDEST) {
            throw new LibraryUnavailableException(
                    NativeLibrary.CUDA_DRIVER,
                    "the driver supports CUDA " + readable + ", CUDA 13 is needed",
                    "install NVIDIA's driver, version 580 or newer");
        }
        return readable;
    }
}
