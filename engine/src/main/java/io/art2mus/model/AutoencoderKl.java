package io.art2mus.model;

import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.nn.Attention;
import io.art2mus.nn.Conv2d;
import io.art2mus.nn.Linear;
import io.art2mus.nn.Norms;
import io.art2mus.nn.ResnetBlock;
import io.art2mus.nn.Upsample;
import java.util.List;

/**
 * The variational autoencoder whose latents are denoised ({@code AutoencoderKL} of diffusers).
 *
 * @see <a href="https://arxiv.org/abs/2112.10752">Rombach et al. 2022, section 3.1</a>
 */
public final class AutoencoderKl {
    private static final float EPSILON = 1e-6f;

    private final AutoencoderKlConfig config;

    private AutoencoderKl(AutoencoderKlConfig config) {
        this.config = config;
    }

    /**
     * From a log-mel to what is known of its latents: input {@code mel [N, f·H, f·W, 1]}, output {@code moments [N, H, W, 2C]}, for
     * {@link DiagonalGaussian} to read.
     *
     * @param mel shape of the input
     */
    public static Graph encoder(AutoencoderKlConfig config, ParameterSource weights, Shape mel) {
        GraphBuilder vae = GraphBuilder.create("vae", weights);
        Value encoded = new AutoencoderKl(config).encode(vae.at("encoder"), vae.input("mel", mel));
        vae.output("moments", Conv2d.pointwise(vae.at("quant_conv"), encoded, 2L * config.latentChannels()));
        return vae.build();
    }

    /**
     * From denoised latents to a log-mel: input {@code latents [N, H, W, C]}, output {@code mel [N, f·H, f·W, 1]}.
     *
     * @param latents shape of the input
     */
    public static Graph decoder(AutoencoderKlConfig config, ParameterSource weights, Shape latents) {
        GraphBuilder vae = GraphBuilder.create("vae", weights);
        Value unscaled = vae.scale(vae.input("latents", latents), (float) (1 / config.scalingFactor()));
        Value quantised = Conv2d.pointwise(vae.at("post_quant_conv"), unscaled, config.latentChannels());
        vae.output("mel", new AutoencoderKl(config).decode(vae.at("decoder"), quantised));
        return vae.build();
    }

    private Value encode(GraphBuilder at, Value mel) {
        List<Integer> channels = config.channels();
        Value hidden = Conv2d.same(at.at("conv_in"), mel, channels.getFirst());
        for (int level = 0; level < channels.size(); level++) {
            GraphBuilder block = at.at("down_blocks").at(level);
            for (int layer = 0; layer < config.layers(); layer++) {
                hidden = resnet(block.at("resnets").at(layer), hidden, channels.get(level));
            }
            if (level < channels.size() - 1) {
                GraphBuilder downsampler = block.at("downsamplers").at(0).at("conv");
                hidden = Conv2d.halvingPaddedAfter(downsampler, hidden, channels.get(level));
            }
        }
        hidden = mid(at.at("mid_block"), hidden);
        return output(at, hidden, 2L * config.latentChannels());
    }

    private Value decode(GraphBuilder at, Value latents) {
        List<Integer> channels = config.channels().reversed();
        Value hidden = Conv2d.same(at.at("conv_in"), latents, channels.getFirst());
        hidden = mid(at.at("mid_block"), hidden);
        for (int level = 0; level < channels.size(); level++) {
            GraphBuilder block = at.at("up_blocks").at(level);
            for (int layer = 0; layer <= config.layers(); layer++) {
                hidden = resnet(block.at("resnets").at(layer), hidden, channels.get(level));
            }
            if (level < channels.size() - 1) {
                long height = 2 * hidden.shape().extent(1);
                long width = 2 * hidden.shape().extent(2);
                hidden = Upsample.of(block.at("upsamplers").at(0), hidden, height, width);
            }
        }
        return output(at, hidden, config.outChannels());
    }

    private Value output(GraphBuilder at, Value x, long channels) {
        Value hidden = at.silu(Norms.group(at.at("conv_norm_out"), x, config.groups(), EPSILON));
        return Conv2d.same(at.at("conv_out"), hidden, channels);
    }

    private Value mid(GraphBuilder at, Value x) {
        long channels = x.shape().last();
        Value hidden = resnet(at.at("resnets").at(0), x, channels);
        hidden = attention(at.at("attentions").at(0), hidden);
        return resnet(at.at("resnets").at(1), hidden, channels);
    }

    /** One head over all positions; unlike the T-UNet's, with biases. */
    private Value attention(GraphBuilder at, Value x) {
        Shape shape = x.shape();
        long channels = shape.last();
        Value sequence = at.reshape(
                Norms.group(at.at("group_norm"), x, config.groups(), EPSILON),
                shape.extent(0),
                shape.extent(1) * shape.extent(2),
                channels);
        Value mixed = at.attention(
                Linear.of(at.at("to_q"), sequence, channels),
                Linear.of(at.at("to_k"), sequence, channels),
                Linear.of(at.at("to_v"), sequence, channels),
                null,
                1,
                Attention.scale(channels, 1));
        return at.add(at.reshape(Linear.of(at.at("to_out").at(0), mixed, channels), shape.extents()), x);
    }

    private Value resnet(GraphBuilder at, Value x, long channels) {
        return ResnetBlock.of(at, x, channels, null, config.groups(), EPSILON);
    }
}
