package io.art2mus.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command said and how it ended, run in this process as the launcher would.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
public record Ran(int status, String out, String err) {
    private static final String HOME = "art2mus.home";

    /** Runs {@code art2mus} with these arguments, from the folder of the module {@code cli}. */
    public static Ran with(String... arguments) {
        System.setProperty(HOME, "..");
        try {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine command =
                    Art2Mus.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
            return new Ran(command.execute(arguments), out.toString(), err.toString());
        } finally {
            System.clearProperty(HOME);
        }
    }

    /** The last line on standard error. */
    public String lastLine() {
        return err.lines().reduce("", (before, line) -> line);
    }
}
