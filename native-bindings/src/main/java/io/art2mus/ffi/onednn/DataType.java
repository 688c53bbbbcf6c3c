package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** How one element of a memory object is stored ({@code dnnl_data_type_t}). */
public enum DataType {
    F32(dnnl_h.dnnl_f32(), Float.BYTES),
    BF16(dnnl_h.dnnl_bf16(), Short.BYTES),
    F16(dnnl_h.dnnl_f16(), Short.BYTES),
    S32(dnnl_h.dnnl_s32(), Integer.BYTES),
    U8(dnnl_h.dnnl_u8(), Byte.BYTES);

    private final int code;
    private final int bytes;

    DataType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    int code() {
        return code;
    }

    static DataType of(int code) {
        for (DataType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("oneDNN data type " + code + " is not one this layer uses");
    }
}
