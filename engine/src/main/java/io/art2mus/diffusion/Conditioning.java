package io.art2mus.diffusion;

import io.art2mus.graph.HostTensor;

/**
 * What the T-UNet is asked for. With guidance there are two rows, the negative prompt first; without it one.
 *
 * @param loa language-of-audio tokens, {@code [rows, 8, width]}
 * @param t5 FLAN-T5's states, {@code [rows, L, width]}
 * @param t5Bias added to the scores of every query: 0 for a token, −10000 for padding, {@code [rows, 1, L]}
 */
public record Conditioning(HostTensor loa, HostTensor t5, HostTensor t5Bias) {
    /** 2 with guidance, 1 without. */
    public long rows() {
        return loa.shape().extent(0);
    }
}
