package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;

/** Nearest up-sampling and a 3×3 convolution ({@code Upsample2D} of diffusers). */
public final class Upsample {
    private Upsample() {}

    /** {@code [N, H, W, C]} to {@code [N, height, width, C]}, where each extent is doubled or one less than that. */
    public static Value of(GraphBuilder at, Value x, long height, long width) {
        return Conv2d.same(
                at.at("conv"), at.upsampleNearest(x, height, width), x.shape().last());
    }
}
