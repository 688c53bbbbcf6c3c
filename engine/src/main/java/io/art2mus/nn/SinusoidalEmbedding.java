package io.art2mus.nn;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * A timestep as cosines and sines of falling frequencies: {@code [cos | sin]}, frequencies exp(−ln 10000 · i / half).
 *
 * @see <a href="https://arxiv.org/abs/2006.11239">Ho et al. 2020, appendix B</a>; {@code flip_sin_to_cos} true, {@code freq_shift} 0
 */
public final class SinusoidalEmbedding {
    private SinusoidalEmbedding() {}

    /** One row a timestep: {@code [timesteps, channels]}, owned by {@code arena}; {@code channels} is even. */
    public static HostTensor of(Arena arena, double[] timesteps, long channels) {
        HostTensor rows = HostTensor.allocate(arena, Shape.of(timesteps.length, channels));
        long half = channels / 2;
        for (int row = 0; row < timesteps.length; row++) {
            for (int i = 0; i < half; i++) {
                // In float32 as PyTorch does it: at timestep 999 the angle's rounding shows in the fourth digit.
                float frequency = (float) Math.exp((float) -Math.log(10000) * i / half);
                float angle = (float) timesteps[row] * frequency;
                rows.set(row * channels + i, (float) Math.cos(angle));
                rows.set(row * channels + half + i, (float) Math.sin(angle));
            }
        }
        return rows;
    }
}
