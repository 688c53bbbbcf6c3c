package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What sessions share: the library's logger, silenced because every error also comes back as a status, and its
 * telemetry, switched off. It must outlive its sessions; the library itself keeps one environment a process and counts
 * its owners.
 */
public final class OrtEnvironment extends NativeHandle {
    private final OnnxRuntime runtime;
    private final MemorySegment hostMemory;

    private OrtEnvironment(OnnxRuntime runtime, MemorySegment address, MemorySegment hostMemory) {
        super(address);
        this.runtime = runtime;
        this.hostMemory = hostMemory;
    }

    /** Opens the environment; a {@link LibraryUnavailableException} where there is no library. */
    public static OrtEnvironment open() {
        OnnxRuntime runtime = OnnxRuntime.load();
        MemorySegment api = runtime.api();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            runtime.check(
                    "CreateCpuMemoryInfo",
                    OrtApi.CreateCpuMemoryInfo.invoke(
                            OrtApi.CreateCpuMemoryInfo(api),
                            onnxruntime_h.OrtDeviceAllocator(),
                            onnxruntime_h.OrtMemTypeDefault(),
                            out));
            MemorySegment hostMemory = out.get(ValueLayout.ADDRESS, 0);
            try {
                runtime.check(
                        "CreateEnv",
                        OrtApi.CreateEnv.invoke(
                                OrtApi.CreateEnv(api),
                                onnxruntime_h.ORT_LOGGING_LEVEL_FATAL(),
                                arena.allocateFrom("art2mus"),
                                out));
            } catch (Throwable failure) {
                OrtApi.ReleaseMemoryInfo.invoke(OrtApi.ReleaseMemoryInfo(api), hostMemory);
                throw failure;
            }
            OrtEnvironment environment = new OrtEnvironment(runtime, out.get(ValueLayout.ADDRESS, 0), hostMemory);
            try {
                environment.disableTelemetry();
                return environment;
            } catch (Throwable failure) {
                environment.close();
                throw failure;
            }
        }
    }

    private void disableTelemetry() {
        MemorySegment status =
                OrtApi.DisableTelemetryEvents.invoke(OrtApi.DisableTelemetryEvents(runtime.api()), address());
        try {
            runtime.check("DisableTelemetryEvents", status);
        } catch (OrtException failure) {
            close();
            throw failure;
        }
    }

    /** The library this environment belongs to. */
    OnnxRuntime runtime() {
        return runtime;
    }

    /** The live handle, for sessions. */
    MemorySegment handle() {
        return address();
    }

    /** A tensor over host memory that stays its owner's; lives until the caller releases it. */
    MemorySegment borrowTensor(Arena arena, TensorType type, MemorySegment data, long... shape) {
        requireOpen();
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        runtime.check(
                "CreateTensorWithDataAsOrtValue",
                OrtApi.CreateTensorWithDataAsOrtValue.invoke(
                        OrtApi.CreateTensorWithDataAsOrtValue(runtime.api()),
                        hostMemory,
                        data,
                        data.byteSize(),
                        arena.allocateFrom(ValueLayout.JAVA_LONG, shape),
                        shape.length,
                        type.code(),
                        out));
        return out.get(ValueLayout.ADDRESS, 0);
    }

    private void requireOpen() {
        address();
    }

    @Override
    protected void destroy() {
        OrtApi.ReleaseEnv.invoke(OrtApi.ReleaseEnv(runtime.api()), address());
        OrtApi.ReleaseMemoryInfo.invoke(OrtApi.ReleaseMemoryInfo(runtime.api()), hostMemory);
    }
}
