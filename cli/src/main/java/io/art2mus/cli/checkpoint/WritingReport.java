package io.art2mus.cli.checkpoint;

import io.art2mus.checkpoint.CheckpointWriter;
import io.art2mus.cli.StandardError;
import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far a checkpoint is: a bar on a terminal, a line for each weight file elsewhere, nothing where nobody asks. */
final class WritingReport implements CheckpointWriter.Listener, AutoCloseable {
    private static final int MOST_COLUMNS = 100;
    private static final long MEBIBYTE = 1 << 20;

    private final @Nullable PrintWriter lines;
    private final @Nullable ProgressBar bar;

    private WritingReport(@Nullable PrintWriter lines, @Nullable ProgressBar bar) {
        this.lines = lines;
        this.bar = bar;
    }

    /** A report on {@code err} of so many bytes in all. */
    static WritingReport on(PrintWriter err, long bytes, boolean quiet) {
        if (quiet) {
            return new WritingReport(null, null);
        }
        return StandardError.isTerminal() ? new WritingReport(null, bar(bytes)) : new WritingReport(err, null);
    }

    private static ProgressBar bar(long bytes) {
        return new ProgressBarBuilder()
                .setTaskName("writing")
                .setInitialMax(bytes)
                .setUnit(" MiB", MEBIBYTE)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, MOST_COLUMNS))
                .build();
    }

    @Override
    public void begin(String file) {
        if (lines != null) {
            lines.println("writing " + file);
            lines.flush();
        }
        if (bar != null) {
            bar.setExtraMessage(file.substring(0, file.indexOf('/')));
        }
    }

    @Override
    public void written(long bytes) {
        if (bar != null) {
            bar.stepTo(bytes);
        }
    }

    /** Leaves the bar as it stands; what comes later begins a line of its own. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
