package io.art2mus.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where progress is shown. */
public final class StandardError {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/2");

    private StandardError() {}

    /** Whether a person is looking: {@link System#console()} tells of the other two streams. */
    public static boolean isTerminal() {
        try {
            Path opened = Files.readSymbolicLink(DESCRIPTOR);
            return opened.startsWith("/dev/pts") || opened.toString().startsWith("/dev/tty");
        } catch (IOException _) {
            return false;
        }
    }
}
