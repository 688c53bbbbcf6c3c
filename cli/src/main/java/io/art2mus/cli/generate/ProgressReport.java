package io.art2mus.cli.generate;

import io.art2mus.cli.ProgressLines;
import io.art2mus.pipeline.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Shows what a run is at: a line for each stage, and for the denoising a bar on a terminal and a line each quarter elsewhere. */
final class ProgressReport implements Progress, AutoCloseable {
    private static final int QUARTERS = 4;

    private final ProgressLines lines;
    private final Verbosity verbosity;
    private long denoisingBegan;

    private ProgressReport(ProgressLines lines, Verbosity verbosity) {
        this.lines = lines;
        this.verbosity = verbosity;
    }

    static ProgressReport on(PrintWriter err, Verbosity verbosity) {
        return new ProgressReport(new ProgressLines(err, verbosity == Verbosity.QUIET), verbosity);
    }

    /** Tells the user something, unless nothing is to be told. */
    void line(String text) {
        lines.line(text);
    }

    /** Tells the user what failed, in any case. */
    void error(String text) {
        lines.error(text);
    }

    @Override
    public void begin(Stage stage) {
        close();
        denoisingBegan = System.nanoTime();
        if (stage != Stage.DENOISING || !lines.hasBar()) {
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
        if (lines.hasBar()) {
            Duration before = Duration.ofNanos(System.nanoTime() - denoisingBegan);
            lines.bar(
                    Stage.DENOISING.toString(),
                    done,
                    calls,
                    before,
                    String.format(Locale.ROOT, "%.0f ms a step", step * 1e3));
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

    @Override
    public void close() {
        lines.close();
    }
}
