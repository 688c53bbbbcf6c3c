package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;

/**
 * How a session computes; needed until it is open.
 *
 * <p>Without prepacking, matrices are read where they are mapped. Packing would make a run at most a fifth faster (measured
 * on eight 4096 × 4096 Gemms of 257 rows, float32, two Zen 4 cores), for a second copy of every weight in memory and half
 * a second more to open a session of 537 MB; an encoder often runs once a process.
 */
final class OrtSessionOptions extends NativeHandle {
    private final OnnxRuntime runtime;

    private OrtSessionOptions(OnnxRuntime runtime, MemorySegment address) {
        super(address);
        this.runtime = runtime;
    }

    /**
     * Options of a session.
     *
     * @param gpu the GPU that computes what it can, by its number; empty for the CPU alone
     */
    static OrtSessionOptions open(OnnxRuntime runtime, int threads, OptionalInt gpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            runtime.check(
                    "CreateSessionOptions",
                    OrtApi.CreateSessionOptions.invoke(OrtApi.CreateSessionOptions(runtime.api()), out));
            OrtSessionOptions opened = new OrtSessionOptions(runtime, out.get(ValueLayout.ADDRESS, 0));
            try {
                opened.apply(threads, arena);
                if (gpu.isPresent()) {
                    opened.appendCuda(gpu.getAsInt(), arena);
                }
                return opened;
            } catch (Throwable failure) {
                opened.close();
                throw failure;
            }
        }
    }

    private void apply(int threads, Arena arena) {
        MemorySegment api = runtime.api();
        runtime.check(
                "SetIntraOpNumThreads",
                OrtApi.SetIntraOpNumThreads.invoke(OrtApi.SetIntraOpNumThreads(api), address(), threads));
        runtime.check(
                "SetInterOpNumThreads",
                OrtApi.SetInterOpNumThreads.invoke(OrtApi.SetInterOpNumThreads(api), address(), 1));
        runtime.check(
                "SetSessionGraphOptimizationLevel",
                OrtApi.SetSessionGraphOptimizationLevel.invoke(
                        OrtApi.SetSessionGraphOptimizationLevel(api), address(), onnxruntime_h.ORT_ENABLE_ALL()));
        // An encoder runs now and then, on texts of changing length: a pattern learnt from one run is seldom of use, an
        // arena would keep what the longest took, and threads that spin between two operations take the cores from the
        // rest of the process.
        runtime.check("DisableMemPattern", OrtApi.DisableMemPattern.invoke(OrtApi.DisableMemPattern(api), address()));
        runtime.check(
                "DisableCpuMemArena", OrtApi.DisableCpuMemArena.invoke(OrtApi.DisableCpuMemArena(api), address()));
        configure(arena, "session.intra_op.allow_spinning", "0");
        configure(arena, "session.disable_prepacking", "1");
    }

    /** In float32 as on the CPU: without TF32. */
    private void appendCuda(int ordinal, Arena arena) {
        MemorySegment api = runtime.api();
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        runtime.check(
                "CreateCUDAProviderOptions",
                OrtApi.CreateCUDAProviderOptions.invoke(OrtApi.CreateCUDAProviderOptions(api), out));
        MemorySegment options = out.get(ValueLayout.ADDRESS, 0);
        try {
            runtime.check(
                    "UpdateCUDAProviderOptions",
                    OrtApi.UpdateCUDAProviderOptions.invoke(
                            OrtApi.UpdateCUDAProviderOptions(api),
                            options,
                            NativeArrays.strings(arena, "device_id", "use_tf32"),
                            NativeArrays.strings(arena, Integer.toString(ordinal), "0"),
                            2));
            runtime.check(
                    "SessionOptionsAppendExecutionProvider_CUDA_V2",
                    OrtApi.SessionOptionsAppendExecutionProvider_CUDA_V2.invoke(
                            OrtApi.SessionOptionsAppendExecutionProvider_CUDA_V2(api), address(), options));
        } finally {
            OrtApi.ReleaseCUDAProviderOptions.invoke(OrtApi.ReleaseCUDAProviderOptions(api), options);
        }
    }

    private void configure(Arena arena, String key, String value) {
        runtime.check(
                "AddSessionConfigEntry",
                OrtApi.AddSessionConfigEntry.invoke(
                        OrtApi.AddSessionConfigEntry(runtime.api()),
                        address(),
                        arena.allocateFrom(key),
                        arena.allocateFrom(value)));
    }

    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        OrtApi.ReleaseSessionOptions.invoke(OrtApi.ReleaseSessionOptions(runtime.api()), address());
    }
}
