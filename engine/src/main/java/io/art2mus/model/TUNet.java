package io.art2mus.model;

import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.model.StepInputs.Place;
import io.art2mus.model.TUNetConfig.Level;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.nn.Conv2d;
import io.art2mus.nn.Norms;
import io.art2mus.nn.ResnetBlock;
import io.art2mus.nn.Rows;
import io.art2mus.nn.Transformer2d;
import io.art2mus.nn.Upsample;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The denoising network: a UNet whose every attention stage is a row of transformers, over itself, over the language of audio and
 * over FLAN-T5's states.
 *
 * @see <a href="https://arxiv.org/abs/2308.05734">Liu et al. 2023, AudioLDM 2, section III-D</a>;
 *     {@code AudioLDM2UNet2DConditionModel} of diffusers
 */
public final class TUNet {
    private static final float OUTPUT_NORM_EPSILON = 1e-5f;

    private final TUNetConfig config;
    private final StepInputs inputs;

    /**
     * What a generation holds fixed, for each of N latents K times: with guidance for the negative prompts of all, then for their wishes.
     *
     * @param loa shape of the language-of-audio tokens, {@code [K·N, 8, width]}
     * @param t5 shape of FLAN-T5's states, {@code [K·N, L, width]}
     * @param timesteps number of different times the network will be asked at
     */
    public record Conditions(Shape loa, Shape t5, int timesteps) {}

    /**
     * The model as two graphs.
     *
     * @param once inputs {@code loa}, {@code t5} and {@code sinusoid [timesteps, C]}; its outputs are inputs of {@code every} under
     *     the same names
     * @param every inputs {@code latents [N, H, W, C]}, {@code step} (row of the sinusoid) and {@code t5_bias [K·N, 1, L]}; output
     *     {@code prediction [K·N, H, W, C]}
     */
    public record Graphs(Graph once, Graph every) {}

    /**
     * What one call reads when everything stands in one graph, as training wants it.
     *
     * @param latents {@code [N, H, W, C]}
     * @param sinusoid the timestep of each item, {@code [N, C]}
     * @param loa language-of-audio tokens, {@code [N, 8, width]}
     * @param t5 FLAN-T5's states, {@code [N, L, width]}
     * @param t5Bias hides their padding, {@code [N or 1, 1, L]}
     */
    public record Call(Value latents, Value sinusoid, Value loa, Value t5, Value t5Bias) {}

    private TUNet(TUNetConfig config, StepInputs inputs) {
        this.config = config;
        this.inputs = inputs;
    }

    /**
     * Builds both graphs for latents of one shape, {@code [N, H, W, C]}. What comes before the first attention over a conditioning is the
     * same for all K that ask about the same latents, and is computed once.
     */
    public static Graphs graphs(TUNetConfig config, ParameterSource weights, Shape latents, Conditions conditions) {
        Place unet = new Place(GraphBuilder.create("unet", weights), GraphBuilder.create("unet", weights));
        HoistedInputs hoisted =
                new HoistedInputs(unet, config.levels().getFirst().channels(), conditions);
        Value input = unet.every().input("latents", latents);
        Value prediction = new TUNet(config, hoisted).predict(unet, input);
        unet.every()
                .output(
                        "prediction",
                        Rows.repeated(unet.every(), prediction, conditions.loa().extent(0)));
        return new Graphs(unet.once().build(), unet.every().build());
    }

    /**
     * Appends one call of the network.
     *
     * @param unet the root of its parameters
     * @return the prediction, {@code [N, H, W, C]}
     */
    public static Value predict(TUNetConfig config, GraphBuilder unet, Call call) {
        Place place = new Place(unet, unet);
        return new TUNet(config, DirectInputs.of(place, call)).predict(place, call.latents());
    }

    private Value predict(Place unet, Value latents) {
        Deque<Value> skips = new ArrayDeque<>();
        Value hidden = Conv2d.same(
                unet.every().at("conv_in"), latents, config.levels().getFirst().channels());
        skips.push(hidden);
        hidden = down(unet, hidden, skips);
        hidden = mid(unet.at("mid_block"), hidden);
        hidden = up(unet, hidden, skips);
        hidden = Norms.group(unet.every().at("conv_norm_out"), hidden, config.groups(), OUTPUT_NORM_EPSILON);
        return Conv2d.same(unet.every().at("conv_out"), unet.every().silu(hidden), config.latentChannels());
    }

    private Value down(Place unet, Value x, Deque<Value> skips) {
        Value hidden = x;
        List<Level> levels = config.levels();
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            Place block = unet.at("down_blocks").at(i);
            for (int layer = 0; layer < level.layers(); layer++) {
                hidden = stage(block, layer, hidden, level);
                skips.push(hidden);
            }
            if (i < levels.size() - 1) {
                Place downsampler = block.at("downsamplers").at(0).at("conv");
                hidden = Conv2d.halving(downsampler.every(), hidden, level.channels());
                skips.push(hidden);
            }
        }
        return hidden;
    }

    private Value mid(Place block, Value x) {
        Level level = config.levels().getLast();
        Value hidden = resnet(block.at("resnets").at(0), x, level.channels());
        hidden = transformers(block, 0, hidden, level);
        return resnet(block.at("resnets").at(1), hidden, level.channels());
    }

    private Value up(Place unet, Value x, Deque<Value> skips) {
        Value hidden = x;
        List<Level> levels = config.levels().reversed();
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            Place block = unet.at("up_blocks").at(i);
            for (int layer = 0; layer <= level.layers(); layer++) {
                Value skip =
                        Rows.repeated(unet.every(), skips.pop(), hidden.shape().extent(0));
                hidden = unet.every().concat(3, List.of(hidden, skip));
                hidden = stage(block, layer, hidden, level);
            }
            Value finer = skips.peek();
            if (finer != null) {
                Place upsampler = block.at("upsamplers").at(0);
                hidden = Upsample.of(
                        upsampler.every(),
                        hidden,
                        finer.shape().extent(1),
                        finer.shape().extent(2));
            }
        }
        return hidden;
    }

    private Value stage(Place block, int layer, Value x, Level level) {
        Value hidden = resnet(block.at("resnets").at(layer), x, level.channels());
        return level.attends() ? transformers(block, layer, hidden, level) : hidden;
    }

    private Value resnet(Place at, Value x, long channels) {
        return ResnetBlock.of(at.every(), x, channels, inputs.time(at, channels), config.groups(), config.epsilon());
    }

    private Value transformers(Place block, int layer, Value x, Level level) {
        Value hidden = x;
        int row = level.transformers().size();
        for (int j = 0; j < row; j++) {
            hidden = transformer(
                    block.at("attentions").at(layer * row + j),
                    hidden,
                    level.transformers().get(j),
                    level);
        }
        return hidden;
    }

    private Value transformer(Place at, Value x, Stream stream, Level level) {
        @Nullable Value bias = stream == Stream.T5 ? inputs.t5Bias() : null;
        return Transformer2d.of(
                at.every(),
                x,
                level.transformerLayers(),
                k -> stream == Stream.SELF
                        ? null
                        : inputs.keysValues(at.at("transformer_blocks").at(k).at("attn2"), stream, level.channels()),
                bias,
                level.heads(),
                config.groups());
    }
}
