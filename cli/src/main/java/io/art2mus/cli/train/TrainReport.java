package io.art2mus.cli.train;

import io.art2mus.cli.ProgressLines;
import io.art2mus.data.DataListener;
import io.art2mus.data.Skipped;
import io.art2mus.train.Evaluation.Losses;
import io.art2mus.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows how a training goes: a bar on a terminal, and a line each tenth elsewhere. */
final class TrainReport implements TrainingListener, DataListener, AutoCloseable {
    private static final int TENTHS = 10;

    private final ProgressLines lines;
    private final boolean verbose;
    private final long itemsOfUpdate;
    private @Nullable Losses first;
    private double seconds;
    private long updatesHere;

    TrainReport(PrintWriter err, boolean quiet, boolean verbose, long itemsOfUpdate) {
        lines = new ProgressLines(err, quiet);
        this.verbose = verbose;
        this.itemsOfUpdate = itemsOfUpdate;
    }

    /** Tells the user something, unless nothing is to be told. */
    void line(String text) {
        lines.line(text);
    }

    /** Tells a user who asks for more. */
    void detail(String text) {
        if (verbose) {
            line(text);
        }
    }

    @Override
    public void prepared(Stage stage, int done, int files) {
        if (done == 0) {
            line(stage + ": " + files + (files == 1 ? " file" : " files"));
        }
        lines.bar(stage.toString(), done, files, Duration.ZERO, "");
        if (done == files) {
            lines.close();
        }
    }

    @Override
    public void skipped(Skipped skipped) {
        warn(skipped.reason());
    }

    @Override
    public void warn(String message) {
        line("warning: " + message);
    }

    @Override
    public void updated(Step step) {
        seconds += step.seconds();
        updatesHere++;
        double each = seconds / updatesHere;
        String now = String.format(
                Locale.ROOT,
                "loss %.4f, learning rate %.2g, %.1f items/s",
                step.update().loss(),
                step.learningRate(),
                itemsOfUpdate / each);
        if (lines.hasBar()) {
            lines.bar("training", step.number(), step.updates(), Duration.ZERO, now);
        } else if (step.number() * TENTHS / step.updates() != (step.number() - 1) * TENTHS / step.updates()) {
            line(String.format(
                    Locale.ROOT,
                    "update %d of %d, %s, %.0f s left",
                    step.number(),
                    step.updates(),
                    now,
                    each * (step.updates() - step.number())));
        }
    }

    @Override
    public void evaluated(long updates, Losses losses) {
        Losses before = first;
        if (before == null) {
            first = losses;
        }
        line(String.format(
                Locale.ROOT,
                "validation loss after %d updates: %.4f%s (%s)",
                updates,
                losses.mean(),
                before == null ? "" : String.format(Locale.ROOT, ", was %.4f", before.mean()),
                losses.byTimestep().entrySet().stream()
                        .map(loss -> String.format(Locale.ROOT, "t %d: %.4f", loss.getKey(), loss.getValue()))
                        .collect(Collectors.joining(", "))));
    }

    @Override
    public void saved(Path checkpoint) {
        detail("saved " + checkpoint);
    }

    @Override
    public void close() {
        lines.close();
    }
}
