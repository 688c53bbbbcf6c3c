package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * The residual block of diffusers' UNets and autoencoders ({@code ResnetBlock2D}): normalise, SiLU, convolve, twice, and add
 * the input.
 */
public final class ResnetBlock {
    private ResnetBlock() {}

    /**
     * {@code [N, H, W, in]} to {@code [N, H, W, out]}.
     *
     * @param at parameters {@code norm1}, {@code conv1}, {@code norm2}, {@code conv2}, and {@code conv_shortcut} where the
     *     widths differ
     * @param out channels of the result
     * @param time the projected time embedding, {@code [N or 1, 1, 1, out]}, added between the convolutions; null in an
     *     autoencoder
     * @param groups groups of both normalisations ({@code norm_num_groups})
     * @param epsilon of both normalisations ({@code norm_eps})
     */
    public static Value of(GraphBuilder at, Value x, long out, @Nullable Value time, int groups, float epsilon) {
        Value hidden = at.silu(Norms.group(at.at("norm1"), x, groups, epsilon));
        hidden = Conv2d.same(at.at("conv1"), hidden, out);
        if (time != null) {
            hidden = at.add(hidden, time);
        }
        hidden = at.silu(Norms.group(at.at("norm2"), hidden, groups, epsilon));
        hidden = Conv2d.same(at.at("conv2"), hidden, out);
        Value shortcut = x.shape().last() == out ? x : Conv2d.pointwise(at.at("conv_shortcut"), x, out);
        return at.add(shortcut, hidden);
    }
}
