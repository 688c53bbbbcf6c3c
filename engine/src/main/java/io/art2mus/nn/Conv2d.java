package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;

/** PyTorch's {@code nn.Conv2d} with a square kernel: parameters {@code weight [out, in, k, k]} and {@code bias [out]}. */
public final class Conv2d {
    private Conv2d() {}

    /** A 3×3 kernel that keeps height and width: {@code [N, H, W, in]} to {@code [N, H, W, out]}. */
    public static Value same(GraphBuilder at, Value x, long out) {
        return of(at, x, out, 3, Window.square(1, 1));
    }

    /** A 1×1 kernel: {@code [N, H, W, in]} to {@code [N, H, W, out]}. */
    public static Value pointwise(GraphBuilder at, Value x, long out) {
        return of(at, x, out, 1, Window.square(1, 0));
    }

    /** A 3×3 kernel of stride 2 with one zero on every side: height and width are halved and rounded up. */
    public static Value halving(GraphBuilder at, Value x, long out) {
        return of(at, x, out, 3, Window.square(2, 1));
    }

    /** The same with a zero only after the last row and column: height and width are halved and rounded down. */
    public static Value halvingPaddedAfter(GraphBuilder at, Value x, long out) {
        return of(at, x, out, 3, new Window(2, 2, 1, 1, 0, 0, 1, 1));
    }

    private static Value of(GraphBuilder at, Value x, long out, long kernel, Window window) {
        Value weight = at.parameter("weight", out, x.shape().last(), kernel, kernel);
        return at.conv2d(x, weight, at.parameter("bias", out), window);
    }
}
