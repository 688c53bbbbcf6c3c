package io.art2mus.cli.train;

import io.art2mus.train.TrainingCheckpoints;
import io.art2mus.train.TrainingRun.Course;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Which checkpoint a training goes on with. */
final class Resumption {
    private static final String LATEST = "latest";

    private Resumption() {}

    /** The checkpoint; null for a training from the beginning, whose folder must hold none. */
    static @Nullable Path of(CourseOptions options, CommandSpec spec, TrainReport report) {
        Path folder = options.folder();
        Path own = Course.checkpoints(folder).latest().orElse(null);
        String asked = options.resume();
        if (asked == null) {
            if (own != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        folder
                                + " holds a training already; go on with it by --resume latest, or name another folder by -o");
            }
            return null;
        }
        if (asked.equals(LATEST)) {
            report.line(
                    own == null
                            ? "--resume latest: " + folder + " holds no checkpoint yet, training from the beginning"
                            : "going on with " + own);
            return own;
        }
        Path named = Path.of(asked);
        if (!Files.isDirectory(named)) {
            throw new ParameterException(
                    spec.commandLine(), "--resume: " + named + " is no folder; give a checkpoint's, or latest");
        }
        Path checkpoint =
                new TrainingCheckpoints(named.resolve("checkpoints")).latest().orElse(named);
        boolean elsewhere = !checkpoint.toAbsolutePath().startsWith(folder.toAbsolutePath());
        if (own != null && elsewhere) {
            throw new ParameterException(
                    spec.commandLine(),
                    folder + " holds another training than " + checkpoint + "; name a new folder by -o");
        }
        report.line("going on with " + checkpoint);
        return checkpoint;
    }
}
