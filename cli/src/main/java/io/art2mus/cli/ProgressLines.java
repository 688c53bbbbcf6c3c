package io.art2mus.cli;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** What a command says while it works: lines, and a bar below them where a person is looking. */
public final class ProgressLines implements AutoCloseable {
    private static final int MOST_COLUMNS = 130;

    private final PrintWriter err;
    private final boolean quiet;
    private final boolean onTerminal = StandardError.isTerminal();
    private @Nullable ProgressBar bar;

    /** @param quiet whether only errors are told */
    public ProgressLines(PrintWriter err, boolean quiet) {
        this.err = err;
        this.quiet = quiet;
    }

    /** Tells the user something, unless nothing is to be told. */
    public void line(String text) {
        if (!quiet) {
            always(text);
        }
    }

    /** Tells the user what failed, in any case. */
    public void error(String text) {
        always("error: " + text);
    }

    private void always(String text) {
        close();
        err.println(text);
        err.flush();
    }

    /** Whether {@link #bar} shows anything; where it does not, lines tell of progress. */
    public boolean hasBar() {
        return onTerminal && !quiet;
    }

    /**
     * Shows how far a task is. The bar appears at the first call, and stays until something else is told.
     *
     * @param before how long the task had been under way when its bar appeared
     */
    public void bar(String task, long done, long all, Duration before, String message) {
        if (!hasBar()) {
            return;
        }
        ProgressBar shown = bar;
        if (shown == null) {
            shown = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(all)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .startsFrom(0, before)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, MOST_COLUMNS))
                    .build();
            bar = shown;
        }
        shown.setExtraMessage(message);
        shown.stepTo(done);
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
