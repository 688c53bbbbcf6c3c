package io.art2mus.cli;

import io.art2mus.provenance.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says every failure in one line on standard error: what, where, what to do. */
public final class ErrorLine implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier stacktrace;

    /** Adds the stack below the line where {@code stacktrace} says so. */
    public ErrorLine(BooleanSupplier stacktrace) {
        this.stacktrace = stacktrace;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        print(command.getErr(), usageError(failure), failure);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        print(command.getErr(), describe(failure), failure);
        return ExitCode.SOFTWARE;
    }

    private void print(PrintWriter err, String what, Exception failure) {
        err.println("error: " + what);
        if (stacktrace.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        err.flush();
    }

    private static String usageError(ParameterException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            // The parser puts a word of its own before what it says of groups.
            return oneLine(failure.getMessage()).replaceFirst("^Error: ", "") + "; see " + command.qualifiedName()
                    + " --help";
        }
        String word = oneLine(unmatched.getUnmatched().getFirst());
        boolean option = unmatched.isUnknownOption();
        Set<String> known =
                option ? command.optionsMap().keySet() : command.subcommands().keySet();
        return (option ? "unknown option " : "unknown argument ")
                + word
                + Nearest.to(word, known)
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("; see " + command.qualifiedName() + " --help");
    }

    /** The one line for {@code failure}; an exception that is not meant for users says that it is a defect. */
    public static String describe(Throwable failure) {
        return switch (failure) {
            case UncheckedIOException unchecked when unchecked.getCause() != null -> describe(unchecked.getCause());
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException present -> present.getFile() + ": already exists";
            case FileSystemException file when file.getReason() != null -> file.getFile() + ": " + file.getReason();
            case IOException io when io.getMessage() != null -> oneLine(io.getMessage());
            case Throwable ours when isOurs(ours) -> oneLine(ours.getMessage());
            default ->
                "internal error: " + oneLine(failure.toString()) + "; --stacktrace shows where, please report it";
        };
    }

    /** The project's own exception types carry messages that are written for users. */
    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getName().startsWith("io.art2mus.");
    }

    private static String oneLine(@Nullable String text) {
        return PrintableText.of(String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
