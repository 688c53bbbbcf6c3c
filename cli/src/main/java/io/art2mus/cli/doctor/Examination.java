package io.art2mus.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.cli.KernelTable;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cublas.Cublas;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaRuntime;
import io.art2mus.ffi.cudnn.Cudnn;
import io.art2mus.ffi.nvrtc.Nvrtc;
import io.art2mus.ffi.onednn.InstructionSet;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.tokenizers.FastTokenizer;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds out what this machine has. Libraries are loaded and asked, not guessed at from their files' names. */
final class Examination {
    private Examination() {}

    /** Everything that {@code doctor} tells, of art2mus in {@code version}. */
    static Diagnosis ofThisMachine(String version) {
        return new Diagnosis(
                version,
                new Diagnosis.Java(Runtime.version().toString(), property("java.vendor"), property("java.home")),
                cpu(),
                memory(),
                libraries(),
                gpus(),
                CudaBackend.isUsable() ? "cuda" : "cpu",
                soundFormats(),
                caches());
    }

    private static List<Diagnosis.Library> libraries() {
        return List.of(
                Diagnosis.Library.of(NativeLibrary.ONNXRUNTIME, true, OnnxRuntime.status()),
                Diagnosis.Library.of(NativeLibrary.TOKENIZERS, true, FastTokenizer.status()),
                Diagnosis.Library.of(NativeLibrary.ONEDNN, true, OneDnn.status()),
                Diagnosis.Library.of(NativeLibrary.SNDFILE, true, SoundFileLibrary.status()),
                Diagnosis.Library.of(NativeLibrary.CUDA_DRIVER, false, Cuda.status()),
                Diagnosis.Library.of(NativeLibrary.CUDA_RUNTIME, false, CudaRuntime.status()),
                Diagnosis.Library.of(NativeLibrary.NVRTC, false, Nvrtc.status()),
                Diagnosis.Library.of(NativeLibrary.CUBLASLT, false, CublasLt.status()),
                Diagnosis.Library.of(NativeLibrary.CUBLAS, false, Cublas.status()),
                Diagnosis.Library.of(NativeLibrary.CUDNN, false, Cudnn.status()));
    }

    private static List<Diagnosis.Gpu> gpus() {
        if (!Cuda.status().available()) {
            return List.of();
        }
        Cuda cuda = Cuda.load();
        String driver = cuda.driverVersion().orElse("of unknown version");
        return cuda.devices().stream()
                .map(device ->
                        new Diagnosis.Gpu(device.name(), device.computeCapability(), device.memoryBytes(), driver))
                .toList();
    }

    private static Diagnosis.Cpu cpu() {
        String model = KernelTable.processor();
        if (!OneDnn.status().available()) {
            return new Diagnosis.Cpu(model, Runtime.getRuntime().availableProcessors(), null, false, false);
        }
        InstructionSet set = OneDnn.instructionSet();
        return new Diagnosis.Cpu(model, OneDnn.threads(), set.text(), set.hasBf16(), set.hasAmx());
    }

    private static Diagnosis.Memory memory() {
        // The bean knows a container's limit, the kernel's table what could be freed for us.
        long total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long available = KernelTable.availableBytes();
        long resident = KernelTable.residentBytes();
        return new Diagnosis.Memory(
                total,
                Math.min(total, available),
                resident,
                Runtime.getRuntime().maxMemory());
    }

    private static List<Diagnosis.SoundFormat> soundFormats() {
        if (!SoundFileLibrary.status().available()) {
            return List.of();
        }
        return SoundFileLibrary.load().writableFormats().stream()
                .map(format -> new Diagnosis.SoundFormat(format.name(), format.extension(), format.encodings()))
                .toList();
    }

    private static Diagnosis.Caches caches() {
        UserCache cache = UserCache.ofUser();
        Map<String, Long> sizes = new LinkedHashMap<>();
        cache.usage().forEach((kind, usage) -> sizes.put(kind.toString(), usage.bytes()));
        return new Diagnosis.Caches(cache.root().toString(), sizes);
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
