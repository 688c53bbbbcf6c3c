package io.art2mus.train;

import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.SequencedMap;

/**
 * What an update changes, and all that the next one depends on beside the data: float32 weights, both moments, and how many updates there
 * were. Random numbers are drawn anew for each micro-batch from the seed and the micro-batch's number, so that they have no state.
 * Owns its memory.
 */
public final class TrainingState implements AutoCloseable {
    private final Arena arena;
    private final SequencedMap<String, Shape> shapes;
    private final TrainedTensors weights;
    private final AdamW.Moments moments;
    private long updates;

    /** Zeros everywhere: to be initialised, or read from a checkpoint. */
    public TrainingState(SequencedMap<String, Shape> shapes) {
        this.shapes = shapes;
        arena = Arena.ofShared();
        weights = new TrainedTensors(arena, shapes);
        moments = new AdamW.Moments(new TrainedTensors(arena, shapes), new TrainedTensors(arena, shapes));
    }

    /** Shape of each trainable tensor by its name, in the order in which their numbers lie. */
    public SequencedMap<String, Shape> shapes() {
        return shapes;
    }

    /** What is learned. */
    public TrainedTensors weights() {
        return weights;
    }

    /** AdamW's memory of earlier gradients. */
    public AdamW.Moments moments() {
        return moments;
    }

    /** How many updates there were. */
    public long updates() {
        return updates;
    }

    /** Notes one more update; returns its number, counted from 1. */
    long countUpdate() {
        return ++updates;
    }

    /** Goes on where a checkpoint was written. */
    void resumeAt(long updates) {
        this.updates = updates;
    }

    /** Bytes of weights and moments. */
    public long bytes() {
        return 3 * weights.all().data().byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
