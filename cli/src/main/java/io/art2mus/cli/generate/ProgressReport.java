package io.art2mus.cli.generate;

import io.art2mus.cli.StandardError;
import io.art2mus.pipeline.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows what a run is at: a line for each stage, and for the denoising a bar on a terminal and a line each quarter elsewhere. */
final class ProgressReport implements Progress, AutoCloseable {
    private static final int MOST_COLUMNS = 110;
    private static final int QUARTERS = 4;

    private final PrintWriter err;
    private final Verbosity verbosity;
    private final boolean onTerminal;
    private @Nullable ProgressBar bar;
    private long denoisingBegan;

    private ProgressReport(PrintWriter err, Verbosity verbosity, boolean onTerminal) {
        this.err = err;
        this.verbosity = verbosity;
        this.onTerminal = onTerminal;
    }

    static ProgressReport on(PrintWriter err, Verbosity verbosity) {
        return new ProgressReport(err, verbosity, StandardError.isTerminal());
    }

    /** Tells the user something, unless nothing is to be told. */
    void line(String text) {
        if (verbosity != Verbosity.QUIET) {
            close();
            err.println(text);
            err.flush();
        }
    }

    /** Tells the user what failed, in any case. */
    void error(String text) {
        close();
        err.println("error: " + text);
        err.flush();
    }

    @Override
    public void begin(Stage stage) {
        close();
        denoisingBegan = System.nanoTime();
        if (stage != Stage.DENOISING || !onTerminal) {
            line(stage.toString());
        }
    }

    @Override
    public void end() {
        close();
    }

    @Override
    public void denoised(int done, int calls) {
        double step = (System.nanoTime() - denoisingBegan) / 1e9 / done;
        if (onTerminal && verbosity != Verbosity.QUIET) {
            ProgressBar shown = bar(calls);
            shown.setExtraMessage(String.format(Locale.ROOT, "%.0f ms a step", step * 1e3));
            shown.stepTo(done);
        } else if (done * QUARTERS / calls != (done - 1) * QUARTERS / calls) {
            line(String.format(
                    Locale.ROOT,
                    "step %d of %d, %.0f ms a step, %.0f s left",
                    done,
                    calls,
                    step * 1e3,
                    step * (calls - done)));
        }
    }

    private ProgressBar bar(int calls) {
        ProgressBar shown = bar;
        if (shown == null) {
            shown = new ProgressBarBuilder()
                    .setTaskName(Stage.DENOISING.toString())
                    .setInitialMax(calls)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .startsFrom(0, Duration.ofNanos(System.nanoTime() - denoisingBegan))
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, MOST_COLUMNS))
                    .build();
            bar = shown;
        }
        return shown;
    }

    @Override
    public void unused(Path file, List<String> names) {
        if (verbosity == Verbosity.VERBOSE && !names.isEmpty()) {
            line("%s: not used: %s".formatted(file, String.join(", ", names)));
        }
    }

    @Override
    public void warn(String message) {
        line("warning: " + message);
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
