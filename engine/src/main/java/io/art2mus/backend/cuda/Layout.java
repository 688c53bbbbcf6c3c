package io.art2mus.backend.cuda;

/** How a parameter lies on the device. */
enum Layout {
    /** Row-major float32: what normalisations scale and shift by. */
    FLOATS,
    /** Row-major in the plan's precision. */
    PLAIN,
    /** {@code [a, b, height, width]} as {@code [a, height, width, b]}, in the plan's precision: a convolution's weight. */
    CHANNELS_LAST,
    /** {@code [a, b, height, width]} as {@code [b, height, width, a]}: a transposed convolution's weight, for our own kernel. */
    FIRST_LAST;

    /** Which axis of a parameter of four stands at each place. */
    int[] axes() {
        return this == FIRST_LAST ? new int[] {1, 2, 3, 0} : new int[] {0, 2, 3, 1};
    }
}
