package io.art2mus.cli.train;

import io.art2mus.train.Evaluation.Losses;
import io.art2mus.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;

/** Tells several listeners, in this order. */
record ListenerList(List<TrainingListener> listeners) implements TrainingListener {
    @Override
    public void updated(Step step) {
        listeners.forEach(listener -> listener.updated(step));
    }

    @Override
    public void evaluated(long updates, Losses losses) {
        listeners.forEach(listener -> listener.evaluated(updates, losses));
    }

    @Override
    public void validate(long updates, Path checkpoint) {
        listeners.forEach(listener -> listener.validate(updates, checkpoint));
    }

    @Override
    public void saved(Path checkpoint) {
        listeners.forEach(listener -> listener.saved(checkpoint));
    }
}
