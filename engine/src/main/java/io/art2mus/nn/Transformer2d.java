package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** {@code Transformer2DModel} of diffusers: the positions of a picture as a sequence, through transformer blocks, on a residual. */
public final class Transformer2d {
    private static final float EPSILON = 1e-6f;

    private Transformer2d() {}

    /**
     * {@code [N, H, W, C]} to the same shape, or to {@code [K·N, H, W, C]} where the contexts have as many rows: row n of {@code x} then
     * meets rows n, N + n, … of theirs.
     *
     * @param layers number of transformer blocks
     * @param contexts what the second attention of each block reads; null where it is a self-attention
     * @param bias hides the contexts' padding, {@code [K·N, 1, S]}; or null
     * @param heads heads of every attention
     * @param groups groups of the normalisation before ({@code norm_num_groups})
     */
    public static Value of(
            GraphBuilder at,
            Value x,
            int layers,
            IntFunction<@Nullable KeysValues> contexts,
            @Nullable Value bias,
            int heads,
            int groups) {
        long rows = x.shape().extent(0);
        long height = x.shape().extent(1);
        long width = x.shape().extent(2);
        long channels = x.shape().last();
        Value hidden = Conv2d.pointwise(at.at("proj_in"), Norms.group(at.at("norm"), x, groups, EPSILON), channels);
        hidden = at.reshape(hidden, rows, height * width, channels);
        for (int layer = 0; layer < layers; layer++) {
            GraphBuilder block = at.at("transformer_blocks").at(layer);
            hidden = TransformerBlock.of(block, hidden, contexts.apply(layer), bias, heads);
        }
        long rowsNow = hidden.shape().extent(0);
        hidden = at.reshape(hidden, rowsNow, height, width, channels);
        // Made before the convolution, so that a backend can add it there.
        Value residual = Rows.repeated(at, x, rowsNow);
        return at.add(Conv2d.pointwise(at.at("proj_out"), hidden, channels), residual);
    }
}
