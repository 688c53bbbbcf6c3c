package io.art2mus.model;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.nn.KeysValues;
import io.art2mus.nn.Linear;

/**
 * What a T-UNet call reads but no step changes: time projections and the keys and values of both text streams. Each becomes an
 * output of the graph that runs once and, under the same name, an input of the graph that runs every step.
 */
final class HoistedInputs {
    private final Value loa;
    private final Value t5;
    private final Value timeEmbedding;
    private final Value step;
    private final Value t5Bias;

    /** The same place of the model in both graphs. */
    record Place(GraphBuilder once, GraphBuilder every) {
        Place at(String name) {
            return new Place(once.at(name), every.at(name));
        }

        Place at(int index) {
            return new Place(once.at(index), every.at(index));
        }
    }

    /**
     * Declares the inputs that both graphs share a meaning for.
     *
     * @param unet the model's root in both graphs
     * @param timeChannels width of the sinusoid, {@code block_out_channels[0]}
     */
    HoistedInputs(Place unet, long timeChannels, TUNet.Conditions conditions) {
        loa = unet.once().input("loa", conditions.loa());
        t5 = unet.once().input("t5", conditions.t5());
        timeEmbedding = timeEmbedding(
                unet.once().at("time_embedding"),
                unet.once().input("sinusoid", Shape.of(conditions.timesteps(), timeChannels)));
        step = unet.every().indexInput("step");
        t5Bias = unet.every()
                .input(
                        "t5_bias",
                        conditions.t5().with(1, 1).withLast(conditions.t5().extent(1)));
    }

    private static Value timeEmbedding(GraphBuilder at, Value sinusoid) {
        long width = 4 * sinusoid.shape().last();
        Value hidden = at.silu(Linear.of(at.at("linear_1"), sinusoid, width));
        // Every ResNet block begins with this SiLU.
        return at.silu(Linear.of(at.at("linear_2"), hidden, width));
    }

    /** This step's time projection of the ResNet block at {@code place}, {@code [1, 1, 1, channels]}. */
    Value time(Place place, long channels) {
        Value table = Linear.of(place.once().at("time_emb_proj"), timeEmbedding, channels);
        Value row = place.every().selectRow(handOver(place, "time", table), step);
        return place.every().reshape(row, 1, 1, 1, channels);
    }

    /** Keys and values of a text stream for the attention at {@code place}. */
    KeysValues keysValues(Place place, Stream stream, long channels) {
        KeysValues made = KeysValues.of(place.once(), stream == Stream.LOA ? loa : t5, channels);
        return new KeysValues(handOver(place, "keys", made.keys()), handOver(place, "values", made.values()));
    }

    /** Hides the padding of FLAN-T5's states, {@code [N, 1, L]}. */
    Value t5Bias() {
        return t5Bias;
    }

    private static Value handOver(Place place, String what, Value made) {
        String name = place.once().path() + "." + what;
        place.once().output(name, made);
        return place.every().input(name, made.shape());
    }
}
