package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Java lists as the arrays C expects. */
final class NativeArrays {
    private NativeArrays() {}

    /** {@code const char*} of every value's name. */
    static MemorySegment names(Arena arena, List<OnnxValue> values) {
        return pointers(
                arena,
                values.stream().map(value -> arena.allocateFrom(value.name())).toList());
    }

    /** {@code const char*} of each. */
    static MemorySegment strings(Arena arena, String... strings) {
        return pointers(arena, Stream.of(strings).map(arena::allocateFrom).toList());
    }

    /** So many strings of an array that the library made. */
    static List<String> strings(MemorySegment array, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> array.getAtIndex(onnxruntime_h.C_POINTER, i).getString(0))
                .toList();
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
