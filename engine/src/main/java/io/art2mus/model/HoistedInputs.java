package io.art2mus.model;

import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.nn.KeysValues;
import io.art2mus.nn.Linear;

/**
 * What a T-UNet call reads but no step changes: time projections and the keys and values of both text streams. Each becomes an
 * output of the graph that runs once and, under the same name, an input of the graph that runs every step.
 */
final class HoistedInputs implements StepInputs {
    private final Value loa;
    private final Value t5;
    private final Value timeEmbedding;
    private final Value step;
    private final Value t5Bias;

    /**
     * Declares the inputs that both graphs share a meaning for.
     *
     * @param unet the model's root in both graphs
     * @param timeChannels width of the sinusoid, {@code block_out_channels[0]}
     */
    HoistedInputs(Place unet, long timeChannels, TUNet.Conditions conditions) {
        loa = unet.once().input("loa", conditions.loa());
        t5 = unet.once().input("t5", conditions.t5());
        timeEmbedding = StepInputs.timeEmbedding(
                unet.once().at("time_embedding"),
                unet.once().input("sinusoid", Shape.of(conditions.timesteps(), timeChannels)));
        step = unet.every().indexInput("step");
        t5Bias = unet.every()
                .input(
                        "t5_bias",
                        conditions.t5().with(1, 1).withLast(conditions.t5().extent(1)));
    }

    @Override
    public Value time(Place place, long channels) {
        Value table = Linear.of(place.once().at("time_emb_proj"), timeEmbedding, channels);
        Value row = place.every().selectRow(handOver(place, "time", table), step);
        return place.every().reshape(row, 1, 1, 1, channels);
    }

    @Override
    public KeysValues keysValues(Place place, Stream stream, long channels) {
        KeysValues made = KeysValues.of(place.once(), stream == Stream.LOA ? loa : t5, channels);
        return new KeysValues(handOver(place, "keys", made.keys()), handOver(place, "values", made.values()));
    }

    @Override
    public Value t5Bias() {
        return t5Bias;
    }

    private static Value handOver(Place place, String what, Value made) {
        String name = place.once().path() + "." + what;
        place.once().output(name, made);
        return place.every().input(name, made.shape());
    }
}
