package io.art2mus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.NativeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a user reads when something goes wrong. */
class ErrorLineTest {
    private final StringWriter err = new StringWriter();

    @Test
    void unknownOptionNamesTheNearestAndIsBadUsage() {
        assertThat(run("--stacktrac")).isEqualTo(2);
        assertThat(err).hasToString("error: unknown option --stacktrac; did you mean --stacktrace?\n");
    }

    @Test
    void unknownOptionLikeNoOtherPointsAtTheHelp() {
        assertThat(run("--loudness")).isEqualTo(2);
        assertThat(err).hasToString("error: unknown option --loudness; see art2mus --help\n");
    }

    @Test
    void unknownWordOfTwoLinesIsOneLine() {
        assertThat(run("gen\nerate")).isEqualTo(2);
        assertThat(err).hasToString("error: unknown argument gen erate; did you mean generate?\n");
    }

    @Test
    void noCommandIsBadUsageInOneLine() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err).asString().startsWith("error: ");
    }

    @Test
    void missingChoiceIsSaidOnceToBeAnError() {
        assertThat(run("cache")).isEqualTo(2);
        assertThat(err)
                .hasToString("error: Missing required argument (specify one of these): (--list | --clear);"
                        + " see art2mus cache --help\n");
    }

    @Test
    void stackFollowsOnRequestOnly() {
        assertThat(run("--stacktrace", "--loudness")).isEqualTo(2);
        assertThat(err).asString().contains("UnmatchedArgumentException").contains("\tat ");
    }

    @Test
    void fileErrorsNameTheFile() {
        assertThat(ErrorLine.describe(new NoSuchFileException("dusk.png"))).isEqualTo("dusk.png: no such file");
        assertThat(ErrorLine.describe(
                        new UncheckedIOException(new FileSystemException("dusk.wav", null, "No space left on device"))))
                .isEqualTo("dusk.wav: No space left on device");
        assertThat(ErrorLine.describe(new IOException("two\n  lines"))).isEqualTo("two lines");
    }

    @Test
    void ownExceptionsAreWrittenForUsersAndOthersAreDefects() {
        assertThat(ErrorLine.describe(new Refused())).isEqualTo("sf_open failed: SF_ERR (1), no; try again");
        assertThat(ErrorLine.describe(new IllegalStateException("x")))
                .isEqualTo(
                        "internal error: java.lang.IllegalStateException: x; --stacktrace shows where, please report it");
    }

    private int run(String... arguments) {
        CommandLine command = Art2Mus.commandLine();
        return command.setErr(new PrintWriter(err, true)).execute(arguments);
    }

    private static final class Refused extends NativeException {
        private static final long serialVersionUID = 1;

        Refused() {
            super("sf_open", 1, "SF_ERR", "no", "try again");
        }
    }
}
