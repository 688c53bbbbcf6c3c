package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;

/** PyTorch's {@code nn.Linear}: parameters {@code weight [out, in]} and, mostly, {@code bias [out]}. */
public final class Linear {
    private Linear() {}

    /** {@code x [..., in]} to {@code [..., out]}. */
    public static Value of(GraphBuilder at, Value x, long out) {
        return at.linear(x, weight(at, x, out), at.parameter("bias", out));
    }

    /** {@link #of} where the layer has no bias. */
    public static Value withoutBias(GraphBuilder at, Value x, long out) {
        return at.linear(x, weight(at, x, out), null);
    }

    private static Value weight(GraphBuilder at, Value x, long out) {
        return at.parameter("weight", out, x.shape().last());
    }
}
