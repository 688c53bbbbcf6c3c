package io.art2mus.weights;

import io.art2mus.graph.DType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Element types a file may hold, by their safetensors names. More than a computation reads: masks and counters that
 * lie beside the weights must not make their file unreadable.
 */
enum StoredType {
    F64(8, DType.F64),
    F32(4, DType.F32),
    F16(2, DType.F16),
    BF16(2, DType.BF16),
    I64(8, DType.I64),
    I32(4, DType.I32),
    I16(2, null),
    I8(1, null),
    U64(8, null),
    U32(4, null),
    U16(2, null),
    U8(1, null),
    BOOL(1, null),
    F8_E4M3(1, null),
    F8_E5M2(1, null);

    private final int bytes;
    private final @Nullable DType dtype;

    StoredType(int bytes, @Nullable DType dtype) {
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /** Size of one element in bytes. */
    int bytes() {
        return bytes;
    }

    /** What a computation sees, or empty where none reads this type. */
    Optional<DType> dtype() {
        return Optional.ofNullable(dtype);
    }

    /** The type a safetensors header names, or empty where there is none of that name. */
    static Optional<StoredType> named(String name) {
        for (StoredType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
