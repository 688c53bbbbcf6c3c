package io.art2mus.train;

import io.art2mus.backend.Trainable;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What an update changes, and all that the next one depends on beside the data: float32 weights, both moments, how many updates there were, and
 * the loss scale. Random numbers are drawn anew for each micro-batch from the seed and the micro-batch's number, so that they have no state.
 * Owns its memory.
 */
public final class TrainingState implements AutoCloseable {
    private final Arena arena;
    private final SequencedMap<String, Shape> shapes;
    private final TrainedTensors weights;
    private final Moments moments;
    private long updates;
    private LossScale lossScale = LossScale.NONE;

    /**
     * The running means of a gradient and of its square; both begin as zeros.
     *
     * @param first of the gradient
     * @param second of its square
     */
    public record Moments(TrainedTensors first, TrainedTensors second) {}

    /** Zeros everywhere: to be initialised, or read from a checkpoint. */
    public TrainingState(SequencedMap<String, Shape> shapes) {
        this.shapes = shapes;
        arena = Arena.ofShared();
        weights = new TrainedTensors(arena, shapes);
        moments = new Moments(new TrainedTensors(arena, shapes), new TrainedTensors(arena, shapes));
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
    public Moments moments() {
        return moments;
    }

    /** How many updates there were. */
    public long updates() {
        return updates;
    }

    /** What the next update multiplies losses by. */
    public LossScale lossScale() {
        return lossScale;
    }

    /** Notes one more update, which was made with this loss scale. */
    void countUpdate(LossScale made) {
        updates++;
        lossScale = made.afterUpdate();
    }

    /** Goes on where a checkpoint was written. */
    void resumeAt(long updates, LossScale lossScale) {
        this.updates = updates;
        this.lossScale = lossScale;
    }

    /** The same memory for whoever changes it. */
    Trainable trainable() {
        SequencedMap<String, String> gradients = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> gradients.put(name, MicroStep.gradientOf(name)));
        return new Trainable(
                gradients,
                weights.all(),
                moments.first().all(),
                moments.second().all());
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
