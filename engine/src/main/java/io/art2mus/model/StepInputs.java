package io.art2mus.model;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.nn.KeysValues;
import io.art2mus.nn.Linear;

/** What the T-UNet's blocks read beside what the block before made. */
interface StepInputs {
    /** The time projection of the ResNet block at {@code place}, {@code [N or 1, 1, 1, channels]}. */
    Value time(Place place, long channels);

    /** Keys and values of a text stream for the attention at {@code place}. */
    KeysValues keysValues(Place place, Stream stream, long channels);

    /** Hides the padding of FLAN-T5's states, {@code [N or 1, 1, L]}. */
    Value t5Bias();

    /** The same place of the model in the graph that runs once and in the one that runs every step. */
    record Place(GraphBuilder once, GraphBuilder every) {
        Place at(String name) {
            return new Place(once.at(name), every.at(name));
        }

        Place at(int index) {
            return new Place(once.at(index), every.at(index));
        }
    }

    /**
     * What all time projections read.
     *
     * @param at {@code time_embedding} of the model
     * @param sinusoid {@code [timesteps, C]}
     */
    static Value timeEmbedding(GraphBuilder at, Value sinusoid) {
        long width = 4 * sinusoid.shape().last();
        Value hidden = at.silu(Linear.of(at.at("linear_1"), sinusoid, width));
        // Every ResNet block begins with this SiLU.
        return at.silu(Linear.of(at.at("linear_2"), hidden, width));
    }
}
