package io.art2mus.ffi.nvrtc;

import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.C_LONG;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.C_POINTER;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.NVRTC_SUCCESS;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcCompileProgram;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcCreateProgram;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcDestroyProgram;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetCUBIN;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetCUBINSize;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetPTX;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetPTXSize;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetProgramLog;
import static io.art2mus.ffi.generated.nvrtc.nvrtc_h.nvrtcGetProgramLogSize;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A CUDA C++ source that was compiled. */
public final class NvrtcProgram extends NativeHandle {
    private final Nvrtc nvrtc;

    private NvrtcProgram(Nvrtc nvrtc, MemorySegment handle) {
        super(handle);
        this.nvrtc = nvrtc;
    }

    /**
     * Compiles a source.
     *
     * @param fileName for the compiler's messages; the file need not exist
     * @param headers texts of the files that the source includes, by the name it includes them under
     * @param options as for {@code nvcc}, such as {@code --gpu-architecture=sm_90}
     * @throws NvrtcException with the compiler's log
     */
    public static NvrtcProgram compile(
            Nvrtc nvrtc, String fileName, String source, Map<String, String> headers, List<String> options) {
        try (Arena arena = Arena.ofConfined()) {
            List<String> names = List.copyOf(headers.keySet());
            MemorySegment handle = arena.allocate(C_POINTER);
            nvrtc.check(
                    "nvrtcCreateProgram",
                    nvrtcCreateProgram(
                            handle,
                            arena.allocateFrom(source),
                            arena.allocateFrom(fileName),
                            names.size(),
                            strings(arena, names.stream().map(headers::get).toList()),
                            strings(arena, names)));
            NvrtcProgram program = new NvrtcProgram(nvrtc, handle.get(C_POINTER, 0));
            try {
                int code = nvrtcCompileProgram(program.address(), options.size(), strings(arena, options));
                nvrtc.check("nvrtcCompileProgram", code, code == NVRTC_SUCCESS() ? "" : program.log());
                return program;
            } catch (Throwable failure) {
                program.close();
                throw failure;
            }
        }
    }

    /** The compiler's warnings; empty where there are none. */
    public String log() {
        return text(read(
                "nvrtcGetProgramLog",
                size -> nvrtcGetProgramLogSize(address(), size),
                log -> nvrtcGetProgramLog(address(), log)));
    }

    /** Assembly for any GPU of the virtual architecture that was asked for, or newer. */
    public String ptx() {
        return text(read("nvrtcGetPTX", size -> nvrtcGetPTXSize(address(), size), ptx -> nvrtcGetPTX(address(), ptx)));
    }

    /** Machine code for the architecture {@code sm_…} that was asked for; empty where that was a virtual one. */
    public byte[] cubin() {
        return read(
                "nvrtcGetCUBIN", size -> nvrtcGetCUBINSize(address(), size), cubin -> nvrtcGetCUBIN(address(), cubin));
    }

    @Override
    protected void destroy() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocateFrom(C_POINTER, address());
            nvrtc.check("nvrtcDestroyProgram", nvrtcDestroyProgram(handle));
        }
    }

    private byte[] read(String call, ToIntFunction<MemorySegment> askSize, ToIntFunction<MemorySegment> askBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(C_LONG);
            nvrtc.check(call + "Size", askSize.applyAsInt(size));
            MemorySegment bytes = arena.allocate(size.get(C_LONG, 0));
            if (bytes.byteSize() > 0) {
                nvrtc.check(call, askBytes.applyAsInt(bytes));
            }
            return bytes.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment pointers = arena.allocate(C_POINTER, strings.size());
        for (int i = 0; i < strings.size(); i++) {
            pointers.setAtIndex(C_POINTER, i, arena.allocateFrom(strings.get(i)));
        }
        return pointers;
    }

    /** Without the terminating zero. */
    private static String text(byte[] bytes) {
        return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8);
    }
}
