package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.util.ArrayList;
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
    private static final int MOST_CHANNELS = 1 << 14;
    private static final int MOST_TAPS = 1 << 12;

    /**
     * One up-sampling.
     *
     * @param rate samples out for each in ({@code upsample_rates})
     * @param kernel taps of the transposed convolution ({@code upsample_kernel_sizes})
     */
    public record Stage(int rate, int kernel) {
        /** Positions that the transposed convolution leaves out at either end. */
        public int padding() {
            return (kernel - rate) / 2;
        }
    }

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

    /** Samples that come of so many mel frames. */
    public long samples(long frames) {
        long length = frames;
        for (Stage stage : stages) {
            length = (length - 1) * stage.rate() - 2L * stage.padding() + stage.kernel();
        }
        return length;
    }

    /** Reads {@code vocoder/config.json}; a {@code WeightsException} names what this vocoder does not do. */
    public static HifiGanConfig read(ModelConfig config) {
        if (config.flag("normalize_before")) {
            throw new WeightsException(
                    "normalize_before is true", config.file(), "the vocoders of the audioldm2 family do not normalise");
        }
        List<Integer> rates = config.integers("upsample_rates", 1, MOST_TAPS);
        List<Integer> kernels = config.integers("upsample_kernel_sizes", rates.size(), 1, MOST_TAPS);
        List<Integer> residualKernels = config.integers("resblock_kernel_sizes", 1, MOST_TAPS);
        List<List<Integer>> dilations = config.integerLists("resblock_dilation_sizes", 1, MOST_TAPS);
        int channels = config.integer("upsample_initial_channel", 1, MOST_CHANNELS);
        if (rates.isEmpty() || residualKernels.isEmpty() || dilations.size() != residualKernels.size()) {
            throw new WeightsException(
                    rates.size() + " upsample_rates, " + residualKernels.size() + " resblock_kernel_sizes and "
                            + dilations.size() + " resblock_dilation_sizes",
                    config.file(),
                    "expected at least one of each, and as many kernels as dilations");
        }
        if (rates.size() > 8 || channels >> rates.size() == 0) {
            throw new WeightsException(
                    "upsample_initial_channel " + channels + " cannot be halved " + rates.size() + " times",
                    config.file(),
                    "is this a HiFi-GAN?");
        }
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i < rates.size(); i++) {
            stages.add(new Stage(rates.get(i), kernels.get(i)));
        }
        List<ResidualBlock> blocks = new ArrayList<>();
        for (int i = 0; i < residualKernels.size(); i++) {
            blocks.add(new ResidualBlock(residualKernels.get(i), dilations.get(i)));
        }
        return new HifiGanConfig(
                config.integer("model_in_dim", 1, MOST_CHANNELS),
                channels,
                config.integer("sampling_rate", 1, 1 << 20),
                List.copyOf(stages),
                List.copyOf(blocks),
                (float) config.number("leaky_relu_slope", 0, 1));
    }
}
