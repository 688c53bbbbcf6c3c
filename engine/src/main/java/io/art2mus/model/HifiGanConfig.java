package io.art2mus.model;

import java.util.List;

/**
 * Shape of the vocoder ({@code vocoder/config.json}).
 *
 * @param melBands bands of a log-mel frame ({@code model_in_dim})
 * @param channels width before the first up-sampling, halved by each ({@code upsample_initial_channel})
 * @param samplingRate of the waveform, in Hz ({@code sampling_rate})
 * @param stages up-samplings in order
 * @param residualBlocks residual blocks after each up-sampling
 * @param slope of the leaky ReLUs inside ({@code leaky_relu_slope})
 */
public record HifiGanConfig(
        int melBands,
        int channels,
        int samplingRate,
        List<Stage> stages,
        List<ResidualBlock> residualBlocks,
        float slope) {
    /**
     * One up-sampling.
     *
     * @param rate samples out for each in ({@code upsample_rates})
     * @param kernel taps of the transposed convolution ({@code upsample_kernel_sizes})
     */
    public record Stage(int rate, int kernel) {}

    /**
     * One residual block.
     *
     * @param kernel taps ({@code resblock_kernel_sizes})
     * @param dilations of its convolutions, one after another ({@code resblock_dilation_sizes})
     */
    public record ResidualBlock(int kernel, List<Integer> dilations) {}

    /** Samples that one mel frame stands for: 160 at 16 kHz is 10 ms. */
    public int hop() {
        return stages.stream().mapToInt(Stage::rate).reduce(1, Math::multiplyExact);
    }
}
