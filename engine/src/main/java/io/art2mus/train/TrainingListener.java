package io.art2mus.train;

import java.nio.file.Path;

/** Is told how a training goes, from its own thread. */
public interface TrainingListener {
    /**
     * An update was made.
     *
     * @param number counted from 1
     * @param updates of the whole training
     * @param learningRate that it was made with
     * @param seconds it took, waiting for data included
     */
    record Step(long number, long updates, ProjectionTrainer.Update update, double learningRate, double seconds) {}

    /** An update was made. */
    default void updated(Step step) {}

    /**
     * The validation items were looked at.
     *
     * @param updates before that
     */
    default void evaluated(long updates, Evaluation.Losses losses) {}

    /** It is time to make sounds with the weights of a checkpoint. */
    default void validate(long updates, Path checkpoint) {}

    /** A checkpoint stands complete in its place. */
    default void saved(Path checkpoint) {}
}
