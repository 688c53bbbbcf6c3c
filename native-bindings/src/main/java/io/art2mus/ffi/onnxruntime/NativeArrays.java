package io.art2mus.ffi.onnxruntime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Java lists as the arrays C expects. */
final class NativeArrays {
    private NativeArrays() {}

    /** {@code const char*} of every value's name. */
    static MemorySegment names(Arena arena, List<OnnxValue> values) {
        return pointers(
                arena,
                values.stream().map(value -> arena.allocateFrom(value.name())).toList());
    }

    /** The addresses of these segments. */
    static MemorySegment pointers(Arena arena, List<MemorySegment> targets) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, targets.size());
        for (int index = 0; index < targets.size(); index++) {
            array.setAtIndex(ValueLayout.ADDRESS, index, targets.get(index));
        }
        return array;
    }

    /** {@code int64_t}. */
    static MemorySegment longs(Arena arena, List<Long> values) {
        return arena.allocateFrom(
                ValueLayout.JAVA_LONG,
                values.stream().mapToLong(Long::longValue).toArray());
    }
}
