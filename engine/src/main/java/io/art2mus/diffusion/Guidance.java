package io.art2mus.diffusion;

import io.art2mus.graph.HostTensor;

/**
 * Classifier-free guidance: the network is asked twice, once with the negative prompt and once with the wish.
 *
 * @see <a href="https://arxiv.org/abs/2207.12598">Ho and Salimans 2022, equation 6</a>
 */
public final class Guidance {
    private Guidance() {}

    /**
     * {@code negative + scale · (wish − negative)}.
     *
     * @param pair {@code [2N, …]}, the negative half first
     * @param scale how far to go; 1 is the wish alone
     * @param guided {@code [N, …]}, overwritten
     */
    public static void combine(HostTensor pair, double scale, HostTensor guided) {
        requirePair(pair, guided);
        float factor = (float) scale;
        long count = guided.shape().elements();
        for (long i = 0; i < count; i++) {
            float negative = pair.get(i);
            guided.set(i, negative + factor * (pair.get(count + i) - negative));
        }
    }

    private static void requirePair(HostTensor pair, HostTensor one) {
        if (!pair.shape().equals(one.shape().with(0, 2 * one.shape().extent(0)))) {
            throw new IllegalArgumentException(pair.shape() + " is not 2 times " + one.shape());
        }
    }
}
