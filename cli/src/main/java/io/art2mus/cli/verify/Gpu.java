package io.art2mus.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.DeviceDetails;
import io.art2mus.ffi.cudnn.Cudnn;
import io.art2mus.ffi.nvrtc.Nvrtc;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a GPU is, by the driver, and what computes on it. Bytes and Hz.
 *
 * @param name as its maker calls it
 * @param emulated whether it is none, but the device of the tests, which computes on the processor: nothing that is measured on it is a GPU's
 * @param pciBusId as {@code nvidia-smi} names its place
 * @param driver null where the system does not tell it (WSL 2)
 * @param nvrtc null where it is missing, which kernels compiled at build time allow
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Gpu(
        int ordinal,
        String name,
        boolean emulated,
        String computeCapability,
        int multiprocessors,
        long memory,
        String pciBusId,
        long coreClockLimit,
        long memoryClockLimit,
        int memoryBusBits,
        long secondLevelCache,
        @Nullable String driver,
        String cuda,
        String cublasLt,
        String cudnn,
        @Nullable String nvrtc) {

    /** How the device of the tests begins its name. */
    private static final String EMULATED = "emulated ";

    static Gpu of(CudaDevice device) {
        Cuda cuda = Cuda.load();
        DeviceDetails details = cuda.details(device);
        return new Gpu(
                device.ordinal(),
                device.name(),
                device.name().startsWith(EMULATED),
                device.computeCapability(),
                device.multiprocessors(),
                device.memoryBytes(),
                details.pciBusId(),
                details.coreHertz(),
                details.memoryHertz(),
                details.memoryBusBits(),
                details.secondLevelCacheBytes(),
                cuda.driverVersion().orElse(null),
                cuda.version(),
                CublasLt.load().version(),
                Cudnn.load().version(),
                Nvrtc.status() instanceof LibraryStatus.Available(var _, String version) ? version : null);
    }

    /** In two lines for a person. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "cuda:%d %s, compute capability %s, %d multiprocessors up to %.0f MHz, %.1f GiB%n"
                        + "driver %s (CUDA %s), cuBLASLt %s, cuDNN %s, NVRTC %s",
                ordinal,
                name,
                computeCapability,
                multiprocessors,
                coreClockLimit / 1e6,
                memory / 0x1p30,
                driver == null ? "of unknown version" : driver,
                cuda,
                cublasLt,
                cudnn,
                nvrtc == null ? "missing" : nvrtc);
    }
}
