package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** {@code dnnl_dims_t}: twelve 64-bit numbers of which the first few count. */
final class Dims {
    private static final int CAPACITY = dnnl_h.DNNL_MAX_NDIMS();

    private Dims() {}

    static MemorySegment of(Arena arena, long... values) {
        if (values.length > CAPACITY) {
            throw new IllegalArgumentException(values.length + " dimensions, oneDNN takes at most " + CAPACITY);
        }
        MemorySegment dims = arena.allocate(ValueLayout.JAVA_LONG, CAPACITY);
        MemorySegment.copy(values, 0, dims, ValueLayout.JAVA_LONG, 0, values.length);
        return dims;
    }

    static MemorySegment of(Arena arena, List<Long> values) {
        return of(arena, values.stream().mapToLong(Long::longValue).toArray());
    }

    /** A {@code dnnl_dims_t} property of a descriptor, as long as its rank. */
    static long[] query(MemorySegment descriptor, int what) {
        return queryArray(descriptor, what, queryInt(descriptor, dnnl_h.dnnl_query_ndims_s32()));
    }

    /** A {@code dnnl_dims_t} property of a descriptor, {@code count} values long. */
    static long[] queryArray(MemorySegment descriptor, int what, int count) {
        MemorySegment values = Check.handle(
                "dnnl_memory_desc_query",
                out -> dnnl_h.dnnl_memory_desc_query(descriptor, what, out),
                () -> "query " + what);
        return values.reinterpret((long) count * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
    }

    /** A 32-bit property of a descriptor. */
    static int queryInt(MemorySegment descriptor, int what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            Check.status(
                    "dnnl_memory_desc_query",
                    dnnl_h.dnnl_memory_desc_query(descriptor, what, out),
                    () -> "query " + what);
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }
}
