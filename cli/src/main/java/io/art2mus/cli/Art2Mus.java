package io.art2mus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code art2mus} command. */
@Command(
        name = "art2mus",
        mixinStandardHelpOptions = true,
        version = "art2mus 0.1.0",
        description = "Turns a digitised artwork into music.")
public final class Art2Mus {
    private Art2Mus() {}

    /** Runs one subcommand and exits with its status: 0 done, 1 failed, 2 bad usage, 130 interrupted. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Art2Mus()).execute(arguments));
    }
}
