package io.art2mus.model;

import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import io.art2mus.model.HifiGanConfig.ResidualBlock;
import io.art2mus.model.HifiGanConfig.Stage;

/**
 * The vocoder: log-mel frames to a waveform ({@code SpeechT5HifiGan} of transformers). Sequences run along the width of pictures of
 * height 1.
 *
 * @see <a href="https://arxiv.org/abs/2010.05646">Kong, Kim and Bae 2020, section 2.2</a>
 */
public final class HifiGan {
    private static final float LAST_SLOPE = 0.01f;

    private final HifiGanConfig config;

    private HifiGan(HifiGanConfig config) {
        this.config = config;
    }

    /**
     * Input {@code mel [N, frames, bands]}, output {@code waveform [N, samples]}, in −1 … 1.
     *
     * @param mel shape of the input
     */
    public static Graph graph(HifiGanConfig config, ParameterSource weights, Shape mel) {
        GraphBuilder vocoder = GraphBuilder.create("vocoder", weights);
        Value frames = vocoder.reshape(vocoder.input("mel", mel), mel.extent(0), 1, mel.extent(1), config.melBands());
        Value waveform = new HifiGan(config).synthesise(vocoder, frames);
        vocoder.output(
                "waveform",
                vocoder.reshape(waveform, mel.extent(0), waveform.shape().extent(2)));
        return vocoder.build();
    }

    private Value synthesise(GraphBuilder at, Value frames) {
        Value hidden = convolution(at.at("conv_pre"), frames, config.channels(), 7, 1);
        int blocks = config.residualBlocks().size();
        long channels = config.channels();
        for (int i = 0; i < config.stages().size(); i++) {
            channels /= 2;
            hidden = upsample(
                    at.at("upsampler").at(i),
                    at.leakyRelu(hidden, config.slope()),
                    channels,
                    config.stages().get(i));
            Value sum = residual(
                    at.at("resblocks").at(i * blocks),
                    hidden,
                    config.residualBlocks().getFirst());
            for (int j = 1; j < blocks; j++) {
                GraphBuilder block = at.at("resblocks").at(i * blocks + j);
                sum = at.add(
                        sum, residual(block, hidden, config.residualBlocks().get(j)));
            }
            hidden = at.scale(sum, 1f / blocks);
        }
        return at.tanh(convolution(at.at("conv_post"), at.leakyRelu(hidden, LAST_SLOPE), 1, 7, 1));
    }

    private static Value upsample(GraphBuilder at, Value x, long channels, Stage stage) {
        Value weight = at.constant(at.stored("weight", x.shape().last(), channels, stage.kernel())
                .reshaped(Shape.of(x.shape().last(), channels, 1, stage.kernel())));
        return at.convTranspose2d(
                x, weight, at.parameter("bias", channels), Window.alongWidth(stage.rate(), stage.padding(), 1));
    }

    private Value residual(GraphBuilder at, Value x, ResidualBlock block) {
        Value hidden = x;
        long channels = x.shape().last();
        for (int i = 0; i < block.dilations().size(); i++) {
            int dilation = block.dilations().get(i);
            Value branch = at.leakyRelu(hidden, config.slope());
            branch = convolution(at.at("convs1").at(i), branch, channels, block.kernel(), dilation);
            branch = at.leakyRelu(branch, config.slope());
            branch = convolution(at.at("convs2").at(i), branch, channels, block.kernel(), 1);
            hidden = at.add(branch, hidden);
        }
        return hidden;
    }

    /** A convolution along the sequence that keeps its length. */
    private static Value convolution(GraphBuilder at, Value x, long channels, int kernel, int dilation) {
        Value weight = at.constant(at.stored("weight", channels, x.shape().last(), kernel)
                .reshaped(Shape.of(channels, x.shape().last(), 1, kernel)));
        int padding = dilation * (kernel - 1) / 2;
        return at.conv2d(x, weight, at.parameter("bias", channels), Window.alongWidth(1, padding, dilation));
    }
}
