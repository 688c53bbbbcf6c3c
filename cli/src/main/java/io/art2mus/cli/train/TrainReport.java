package io.art2mus.cli.train;

import io.art2mus.cli.StandardError;
import io.art2mus.data.DataListener;
import io.art2mus.data.Skipped;
import io.art2mus.train.Evaluation.Losses;
import io.art2mus.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how a training goes: a bar on a terminal, and a line each tenth elsewhere. */
final class TrainReport implements TrainingListener, DataListener, AutoCloseable {
    private static final int MOST_COLUMNS = 130;
    private static final int TENTHS = 10;

    private final PrintWriter err;
    private final boolean quiet;
    private final boolean verbose;
    private final long itemsOfUpdate;
    private final boolean onTerminal = StandardError.isTerminal();
    private @Nullable ProgressBar bar;
    private @Nullable Losses first;
    private double seconds;
    private long updatesHere;

    TrainReport(PrintWriter err, boolean quiet, boolean verbose, long itemsOfUpdate) {
        this.err = err;
        this.quiet = quiet;
        this.verbose = verbose;
        this.itemsOfUpdate = itemsOfUpdate;
    }

    /** Tells the user something, unless nothing is to be told. */
    void line(String text) {
        if (!quiet) {
            close();
            err.println(text);
            err.flush();
        }
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
        if (onTerminal && !quiet) {
            bar(stage.toString(), files).stepTo(done);
            if (done == files) {
                close();
            }
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
        if (onTerminal && !quiet) {
            ProgressBar shown = bar("training", step.updates());
            shown.setExtraMessage(now);
            shown.stepTo(step.number());
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

    private ProgressBar bar(String task, long most) {
        ProgressBar shown = bar;
        if (shown == null) {
            shown = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(most)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .startsFrom(0, Duration.ZERO)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, MOST_COLUMNS))
                    .build();
            bar = shown;
        }
        return shown;
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

    /** Leaves the bar as it stands; what comes later begins a line of its own. */
    @Override
    public void close() {
        ProgressBar shown = bar;
        if (shown != null) {
            bar = null;
            shown.close();
        }
    }
}
