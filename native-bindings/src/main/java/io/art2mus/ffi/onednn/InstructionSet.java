package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/**
 * The instruction set oneDNN really generates code for ({@code dnnl_cpu_isa_t}): what the CPU has, limited by
 * {@code ONEDNN_MAX_CPU_ISA}. Constants are ordered; each CPU has a path of them, not all of those before it.
 */
public enum InstructionSet {
    GENERIC(dnnl_h.dnnl_cpu_isa_default(), "generic"),
    SSE41(dnnl_h.dnnl_cpu_isa_sse41(), "SSE4.1"),
    AVX(dnnl_h.dnnl_cpu_isa_avx(), "AVX"),
    AVX2(dnnl_h.dnnl_cpu_isa_avx2(), "AVX2"),
    AVX2_VNNI(dnnl_h.dnnl_cpu_isa_avx2_vnni(), "AVX2-VNNI"),
    AVX2_VNNI_2(dnnl_h.dnnl_cpu_isa_avx2_vnni_2(), "AVX2-VNNI 2"),
    AVX512_CORE(dnnl_h.dnnl_cpu_isa_avx512_core(), "AVX512"),
    AVX512_CORE_VNNI(dnnl_h.dnnl_cpu_isa_avx512_core_vnni(), "AVX512-VNNI"),
    AVX512_CORE_BF16(dnnl_h.dnnl_cpu_isa_avx512_core_bf16(), "AVX512-BF16"),
    AVX10_1_512(dnnl_h.dnnl_cpu_isa_avx10_1_512(), "AVX512-FP16 (AVX10.1)"),
    AVX10_1_512_AMX(dnnl_h.dnnl_cpu_isa_avx10_1_512_amx(), "AMX-BF16"),
    AVX10_1_512_AMX_FP16(dnnl_h.dnnl_cpu_isa_avx10_1_512_amx_fp16(), "AMX-FP16"),
    AVX10_2(dnnl_h.dnnl_cpu_isa_avx10_2(), "AVX10.2"),
    AVX10_2_AMX_2(dnnl_h.dnnl_cpu_isa_avx10_2_amx_2(), "AVX10.2 with AMX");

    private final int code;
    private final String text;

    InstructionSet(int code, String text) {
        this.code = code;
        this.text = text;
    }

    static InstructionSet of(int code) {
        for (InstructionSet set : values()) {
            if (set.code == code) {
                return set;
            }
        }
        throw new IllegalStateException(
                "oneDNN reports an instruction set this layer does not know: 0x" + Integer.toHexString(code));
    }

    /** In the vendors' words, for a person. */
    public String text() {
        return text;
    }

    /** Whether all instructions of {@code other} are there: the header's codes are bit sets. */
    public boolean includes(InstructionSet other) {
        return (code & other.code) == other.code;
    }

    /** Whether bf16 products are computed by instructions of the CPU rather than emulated. */
    public boolean hasBf16() {
        return includes(AVX512_CORE_BF16);
    }

    /** Whether bf16 products run on matrix tiles. */
    public boolean hasAmx() {
        return includes(AVX10_1_512_AMX);
    }
}
