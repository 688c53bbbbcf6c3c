package io.art2mus.diffusion;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/** Latents on the host: channels-last, {@code [N, H, W, C]}. */
public final class Latents {
    private Latents() {}

    /**
     * Starting noise, drawn in PyTorch's order and laid out in ours.
     *
     * @param random drawn from as often as {@code shape} has elements
     * @param shape {@code [N, H, W, C]}
     * @param sigma {@link Sampler#initialNoiseSigma()}
     * @return normal values of standard deviation {@code sigma}, owned by {@code arena}
     */
    public static HostTensor noise(Arena arena, TorchRandom random, Shape shape, double sigma) {
        HostTensor latents = HostTensor.allocate(arena, shape);
        long channels = shape.last();
        long positions = shape.extent(1) * shape.extent(2);
        float scale = (float) sigma;
        try (Arena scratch = Arena.ofConfined()) {
            HostTensor drawn =
                    HostTensor.allocate(scratch, Shape.of(shape.extent(0), channels, shape.extent(1), shape.extent(2)));
            random.normal(drawn);
            for (long image = 0; image < shape.extent(0); image++) {
                long start = image * positions * channels;
                for (long position = 0; position < positions; position++) {
                    for (long channel = 0; channel < channels; channel++) {
                        latents.set(
                                start + position * channels + channel,
                                scale * drawn.get(start + channel * positions + position));
                    }
                }
            }
        }
        return latents;
    }

    /**
     * What the network reads of latents.
     *
     * @param factor {@link Sampler#inputScale}
     * @param scaled of their shape, overwritten
     */
    public static void scale(HostTensor latents, double factor, HostTensor scaled) {
        float scale = (float) factor;
        long count = latents.shape().elements();
        for (long i = 0; i < count; i++) {
            scaled.set(i, scale * latents.get(i));
        }
    }

    /** A {@link NonFiniteException} where a value is NaN or infinite. */
    public static void requireFinite(HostTensor latents) {
        long count = latents.shape().elements();
        for (long i = 0; i < count; i++) {
            if (!Float.isFinite(latents.get(i))) {
                throw new NonFiniteException(latents, i);
            }
        }
    }
}
