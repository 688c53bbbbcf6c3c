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
     * Lays the latents out for the network, once for each side of the pair.
     *
     * @param latents {@code [N, …]}
     * @param inputScale {@link Sampler#inputScale}
     * @param input {@code [N, …]} without guidance, {@code [2N, …]} with it; overwritten with as many copies
     */
    public static void spread(HostTensor latents, double inputScale, HostTensor input) {
        float scale = (float) inputScale;
        long count = latents.shape().elements();
        long copies = input.shape().elements() / count;
        requireFits(input, copies, latents);
        for (long copy = 0; copy < copies; copy++) {
            for (long i = 0; i < count; i++) {
                input.set(copy * count + i, scale * latents.get(i));
            }
        }
    }

    /**
     * {@code negative + scale · (wish − negative)}.
     *
     * @param pair {@code [2N, …]}, the negative half first
     * @param scale how far to go; 1 is the wish alone
     * @param guided {@code [N, …]}, overwritten
     */
    public static void combine(HostTensor pair, double scale, HostTensor guided) {
        requireFits(pair, 2, guided);
        float factor = (float) scale;
        long count = guided.shape().elements();
        for (long i = 0; i < count; i++) {
            float negative = pair.get(i);
            guided.set(i, negative + factor * (pair.get(count + i) - negative));
        }
    }

    private static void requireFits(HostTensor many, long copies, HostTensor one) {
        if (copies < 1
                || copies > 2
                || !many.shape().equals(one.shape().with(0, copies * one.shape().extent(0)))) {
            throw new IllegalArgumentException(many.shape() + " is not " + copies + " times " + one.shape());
        }
    }
}
