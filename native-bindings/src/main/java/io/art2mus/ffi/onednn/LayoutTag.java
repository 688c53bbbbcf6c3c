package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A layout in the letters of oneDNN's verbose output: dimensions {@code a, b, c…} from slowest to fastest, upper case
 * where a dimension is also blocked, then the inner blocks ({@code aBcd16b}). Gaps between rows do not show.
 */
final class LayoutTag {
    private LayoutTag() {}

    static String of(MemorySegment descriptor) {
        int kind = Dims.queryInt(descriptor, dnnl_h.dnnl_query_format_kind());
        if (kind == dnnl_h.dnnl_format_kind_any()) {
            return "any";
        }
        return kind == dnnl_h.dnnl_blocked() ? blocked(descriptor) : "opaque";
    }

    private static String blocked(MemorySegment descriptor) {
        long[] strides = Dims.query(descriptor, dnnl_h.dnnl_query_strides());
        long[] dims = Dims.query(descriptor, dnnl_h.dnnl_query_dims());
        int blocks = Dims.queryInt(descriptor, dnnl_h.dnnl_query_inner_nblks_s32());
        long[] sizes = Dims.queryArray(descriptor, dnnl_h.dnnl_query_inner_blks(), blocks);
        long[] axes = Dims.queryArray(descriptor, dnnl_h.dnnl_query_inner_idxs(), blocks);
        String outer = IntStream.range(0, strides.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer axis) -> strides[axis])
                        .thenComparingLong(axis -> dims[axis])
                        .reversed())
                .map(axis -> letter(axis, IntStream.range(0, blocks).anyMatch(i -> axes[i] == axis) ? 'A' : 'a'))
                .collect(Collectors.joining());
        String inner = IntStream.range(0, blocks)
                .mapToObj(i -> sizes[i] + letter((int) axes[i], 'a'))
                .collect(Collectors.joining());
        return outer + inner;
    }

    private static String letter(int axis, char first) {
        return String.valueOf((char) (first + axis));
    }
}
