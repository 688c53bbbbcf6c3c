package io.art2mus.cli;

import io.art2mus.backend.PlanMemory;
import io.art2mus.pipeline.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Who held how much memory during a run. */
public final class MemoryTable implements Progress {
    private static final double MEBIBYTE = 1 << 20;

    private final Map<String, PlanMemory> parts = new LinkedHashMap<>();
    private final Map<String, Long> others = new LinkedHashMap<>();

    @Override
    public void compiled(String part, PlanMemory memory) {
        parts.merge(part, memory, (one, other) -> one.bytes() > other.bytes() ? one : other);
    }

    /** Notes bytes that are no plan's. */
    public void held(String what, long bytes) {
        others.put(what, bytes);
    }

    /** The table, and what the process as a whole held. */
    public List<String> lines() {
        Runtime java = Runtime.getRuntime();
        return Stream.of(
                        Stream.of("     MiB  weights  activations  buffers  scratchpad"),
                        parts.entrySet().stream().map(MemoryTable::line),
                        others.entrySet().stream().map(other -> line(other.getKey(), other.getValue())),
                        Stream.of(
                                line("Java heap", java.totalMemory() - java.freeMemory())
                                        + String.format(Locale.ROOT, " (at most %.0f)", java.maxMemory() / MEBIBYTE),
                                line("resident at the peak, mapped weights included", KernelTable.peakResidentBytes())))
                .flatMap(lines -> lines)
                .toList();
    }

    private static String line(Map.Entry<String, PlanMemory> part) {
        PlanMemory memory = part.getValue();
        return String.format(
                Locale.ROOT,
                "%8.1f %8.1f %12.1f %8.1f %11.1f  %s",
                memory.bytes() / MEBIBYTE,
                memory.weights() / MEBIBYTE,
                memory.activations() / MEBIBYTE,
                memory.buffers() / MEBIBYTE,
                memory.scratchpad() / MEBIBYTE,
                part.getKey());
    }

    private static String line(String what, long bytes) {
        return String.format(Locale.ROOT, "%8.1f  %s", bytes / MEBIBYTE, what);
    }
}
