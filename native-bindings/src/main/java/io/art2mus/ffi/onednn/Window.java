package io.art2mus.ffi.onednn;

import java.util.List;

/**
 * How a convolution's kernel moves, one value for each spatial dimension (height before width).
 *
 * @param strides steps between outputs; 1 is dense
 * @param dilations distance between neighbouring kernel elements; 1 is dense
 * @param paddingBegin zeros before the first element (top, left)
 * @param paddingEnd zeros after the last element (bottom, right); may differ from {@code paddingBegin}
 */
public record Window(List<Long> strides, List<Long> dilations, List<Long> paddingBegin, List<Long> paddingEnd) {
    public Window {
        strides = List.copyOf(strides);
        dilations = List.copyOf(dilations);
        paddingBegin = List.copyOf(paddingBegin);
        paddingEnd = List.copyOf(paddingEnd);
        int rank = strides.size();
        if (dilations.size() != rank || paddingBegin.size() != rank || paddingEnd.size() != rank) {
            throw new IllegalArgumentException("a window needs as many strides as dilations and paddings");
        }
    }

    /** Step 1, no dilation, the same padding on all sides of both dimensions. */
    public static Window dense(long padding) {
        return new Window(List.of(1L, 1L), List.of(1L, 1L), List.of(padding, padding), List.of(padding, padding));
    }

    /** Dilations as oneDNN counts them: 0 is dense. */
    List<Long> dilates() {
        return dilations.stream().map(dilation -> dilation - 1).toList();
    }
}
