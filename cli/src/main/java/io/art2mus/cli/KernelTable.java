package io.art2mus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's tables of {@code name: value} lines. */
public final class KernelTable {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path PROCESS = Path.of("/proc/self/status");

    private KernelTable() {}

    /** What the processor calls itself. */
    public static String processor() {
        return field(PROCESSORS, "model name");
    }

    /** Bytes that could be had without swapping. */
    public static long availableBytes() {
        return bytes(MEMORY, "MemAvailable");
    }

    /** Bytes of this process that are in memory now, mapped files included. */
    public static long residentBytes() {
        return bytes(PROCESS, "VmRSS");
    }

    /** The most that {@link #residentBytes} has been. */
    public static long peakResidentBytes() {
        return bytes(PROCESS, "VmHWM");
    }

    private static long bytes(Path table, String name) {
        return Long.parseLong(field(table, name).replace(" kB", "")) * 1024;
    }

    private static String field(Path table, String name) {
        try {
            return Files.readAllLines(table).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(table + " has no line " + name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
