package io.art2mus.backend;

import io.art2mus.graph.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Inputs of a plan that are learned, and what an update changes: for each of their numbers itself and AdamW's two moments, each kind as one
 * vector in which the inputs lie one after the other. The vectors stay their owner's, and must outlive the {@link Optimizer}.
 *
 * @param gradients by the name of an input, in that order, the name of the output that is its gradient; both are float32
 * @param weights what the inputs hold
 * @param firstMoments running means of the gradients
 * @param secondMoments running means of their squares
 */
public record Trainable(
        SequencedMap<String, String> gradients, HostTensor weights, HostTensor firstMoments, HostTensor secondMoments) {
    public Trainable {
        gradients = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(gradients));
    }
}
