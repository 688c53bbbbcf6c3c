package io.art2mus.cli;

import io.art2mus.cli.cache.Cache;
import io.art2mus.cli.checkpoint.NewCheckpoint;
import io.art2mus.cli.doctor.Doctor;
import io.art2mus.cli.generate.Generate;
import io.art2mus.cli.generate.Replay;
import io.art2mus.cli.provenance.Inspect;
import io.art2mus.cli.train.Train;
import io.art2mus.cli.verify.VerifyGpu;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code art2mus} command, which only its subcommands give something to do. */
@Command(
        name = "art2mus",
        mixinStandardHelpOptions = true,
        description = "Turns a digitised artwork into music.",
        subcommands = {
            Generate.class,
            Replay.class,
            Train.class,
            Inspect.class,
            NewCheckpoint.class,
            Doctor.class,
            Cache.class,
            VerifyGpu.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nIn a source checkout also:%n",
        footer = {
            "  test     Make sure of the native packages and run every check.",
            "  bench    Measure how long each part takes; bench --help says more.",
            "  package  Write all of it, with Java, into one file for machines without Maven or a JDK."
        })
public final class Art2Mus {
    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Add the stack of the failure to an error's one line.")
    private boolean stacktrace;

    private Art2Mus() {}

    /** Runs one subcommand and exits with its status: 0 done, 1 failed, 2 bad usage, 130 interrupted. */
    public static void main(String[] arguments) {
        if (Arrays.equals(arguments, new String[] {"--version"})) {
            // Answered before picocli is loaded, which takes longer than the virtual machine's own start.
            System.out.println(Version.line());
            return;
        }
        System.exit(execute(arguments));
    }

    /** Errors of the virtual machine pass picocli by; one of them is the user's own affair. */
    private static int execute(String... arguments) {
        try {
            return commandLine().execute(arguments);
        } catch (OutOfMemoryError full) {
            System.err.println(
                    "error: out of memory (" + full.getMessage() + "); close other programs or ask for less");
            return ExitCode.SOFTWARE;
        }
    }

    /** The command with its subcommands and what they do with errors. */
    static CommandLine commandLine() {
        Art2Mus art2mus = new Art2Mus();
        ErrorLine errors = new ErrorLine(() -> art2mus.stacktrace);
        CommandLine command = new CommandLine(art2mus)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setCaseInsensitiveEnumValuesAllowed(true);
        command.getCommandSpec().version(Version.line());
        return command;
    }
}
