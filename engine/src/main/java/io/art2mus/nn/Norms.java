package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;

/** PyTorch's normalisation layers: parameters {@code weight [C]} and {@code bias [C]}. */
public final class Norms {
    private Norms() {}

    /** {@code nn.GroupNorm} on {@code [N, H, W, C]}. */
    public static Value group(GraphBuilder at, Value x, int groups, float epsilon) {
        long channels = x.shape().last();
        return at.groupNorm(x, at.parameter("weight", channels), at.parameter("bias", channels), groups, epsilon);
    }

    /** {@code nn.LayerNorm} on {@code [..., C]}. */
    public static Value layer(GraphBuilder at, Value x, float epsilon) {
        long channels = x.shape().last();
        return at.layerNorm(x, at.parameter("weight", channels), at.parameter("bias", channels), epsilon);
    }
}
