package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    private static final int MOST_STAGES = 8;
    private static final int MOST_SAMPLES_A_SECOND = 1 << 20;

    /** What transformers assumes; its vocoders normalise unless the file says that this one does not. */
    private static final Map<String, ?> DEFAULTS =
            Map.of("normalize_before", true, "leaky_relu_slope", 0.1, "sampling_rate", 16_000);

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
    public static HifiGanConfig read(ModelConfig file) {
        ModelConfig config = file.withDefaults(DEFAULTS);
        config.requireOnly("normalize_before", false);
        List<Stage> stages = stages(config);
        int channels = config.integer("upsample_initial_channel", 1, MOST_CHANNELS);
        if (channels >> stages.size() == 0) {
            throw config.refused("upsample_initial_channel " + channels + " cannot be halved " + stages.size()
                    + " times, once for each of upsample_rates");
        }
        return new HifiGanConfig(
                config.integer("model_in_dim", 1, MOST_CHANNELS),
                channels,
                config.integer("sampling_rate", 1, MOST_SAMPLES_A_SECOND),
                stages,
                residualBlocks(config),
                (float) config.number("leaky_relu_slope", 0, 1));
    }

    private static List<Stage> stages(ModelConfig config) {
        List<Integer> rates = config.integers("upsample_rates", 1, MOST_TAPS);
        List<Integer> kernels = config.integers("upsample_kernel_sizes", 1, MOST_TAPS);
        if (rates.isEmpty() || rates.size() > MOST_STAGES || kernels.size() != rates.size()) {
            throw config.refused("upsample_rates has " + rates.size() + " entries and upsample_kernel_sizes "
                    + kernels.size() + ", expected as many of both, 1 to " + MOST_STAGES);
        }
        List<Stage> stages = new ArrayList<>();
        long hop = 1;
        for (int i = 0; i < rates.size(); i++) {
            Stage stage = new Stage(rates.get(i), kernels.get(i));
            if (stage.kernel() < stage.rate()) {
                throw config.refused("upsample_rates has " + stage.rate() + ", which leaves gaps between kernels of "
                        + stage.kernel() + " taps");
            }
            hop *= stage.rate();
            if (hop > MOST_TAPS) {
                throw config.refused("upsample_rates make more than " + MOST_TAPS + " samples of a mel frame");
            }
            stages.add(stage);
        }
        return List.copyOf(stages);
    }

    private static List<ResidualBlock> residualBlocks(ModelConfig config) {
        List<Integer> kernels = config.integers("resblock_kernel_sizes", 1, MOST_TAPS);
        List<List<Integer>> dilations = config.integerLists("resblock_dilation_sizes", 1, MOST_TAPS);
        if (kernels.isEmpty() || kernels.size() > MOST_STAGES || dilations.size() != kernels.size()) {
            throw config.refused("resblock_kernel_sizes has " + kernels.size() + " entries and resblock_dilation_sizes "
                    + dilations.size() + ", expected as many of both, 1 to " + MOST_STAGES);
        }
        List<ResidualBlock> blocks = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            if (kernels.get(i) % 2 == 0) {
                throw config.refused("resblock_kernel_sizes has " + kernels.get(i)
                        + ", expected odd ones, which keep a sequence's length");
            }
            blocks.add(new ResidualBlock(kernels.get(i), dilations.get(i)));
        }
        return List.copyOf(blocks);
    }
}
