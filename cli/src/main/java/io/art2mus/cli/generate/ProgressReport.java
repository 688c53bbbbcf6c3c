package io.art2mus.cli.generate;

import io.art2mus.pipeline.Progress;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows a generation's progress: a line for each stage, and on a terminal a bar for the denoising. */
final class ProgressReport implements Progress, AutoCloseable {
    private static final int MOST_COLUMNS = 100;

    private final PrintWriter err;
    private final boolean verbose;
    private final boolean onTerminal;
    private @Nullable ProgressBar bar;

    private ProgressReport(PrintWriter err, boolean verbose, boolean onTerminal) {
        this.err = err;
        this.verbose = verbose;
        this.onTerminal = onTerminal;
    }

    /** A report on {@code err}; {@code verbose} adds what a user asks for with {@code -v}. */
    static ProgressReport on(PrintWriter err, boolean verbose) {
        boolean onTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new ProgressReport(err, verbose, onTerminal);
    }

    @Override
    public void begin(Stage stage) {
        close();
        if (stage != Stage.DENOISING || !onTerminal) {
            err.println(stage);
            err.flush();
        }
    }

    @Override
    public void denoised(int done, int calls) {
        if (!onTerminal) {
            return;
        }
        ProgressBar shown = bar;
        if (shown == null) {
            shown = new ProgressBarBuilder()
                    .setTaskName(Stage.DENOISING.toString())
                    .setInitialMax(calls)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .startsFrom(done, Duration.ZERO)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, MOST_COLUMNS))
                    .build();
            bar = shown;
        }
        shown.stepTo(done);
    }

    @Override
    public void unused(Path file, List<String> names) {
        if (verbose && !names.isEmpty()) {
            err.println("%s: not used: %s".formatted(file, String.join(", ", names)));
            err.flush();
        }
    }

    /** Leaves the bar as it stands; a later stage begins a line of its own. */
    @Override
    public void close() {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.close();
            bar = null;
        }
    }
}
