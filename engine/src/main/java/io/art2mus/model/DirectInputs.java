package io.art2mus.model;

import io.art2mus.graph.Value;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.nn.KeysValues;
import io.art2mus.nn.Linear;

/**
 * What a T-UNet call reads, computed where it is read: each item of the batch has a timestep of its own.
 *
 * @param timeEmbedding {@code [N, 4C]}
 * @param loa language-of-audio tokens, {@code [N, 8, width]}
 * @param t5 FLAN-T5's states, {@code [N, L, width]}
 * @param t5Bias hides their padding, {@code [N or 1, 1, L]}
 */
record DirectInputs(Value timeEmbedding, Value loa, Value t5, Value t5Bias) implements StepInputs {
    static DirectInputs of(Place unet, TUNet.Call call) {
        Value time = StepInputs.timeEmbedding(unet.every().at("time_embedding"), call.sinusoid());
        return new DirectInputs(time, call.loa(), call.t5(), call.t5Bias());
    }

    @Override
    public Value time(Place place, long channels) {
        Value projected = Linear.of(place.every().at("time_emb_proj"), timeEmbedding, channels);
        return place.every().reshape(projected, timeEmbedding.shape().extent(0), 1, 1, channels);
    }

    @Override
    public KeysValues keysValues(Place place, Stream stream, long channels) {
        return KeysValues.of(place.every(), stream == Stream.LOA ? loa : t5, channels);
    }
}
