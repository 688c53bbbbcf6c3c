package io.art2mus.cli.generate;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.audio.SoundException;
import io.art2mus.audio.UnfinishedFile;
import io.art2mus.cli.KernelTable;
import io.art2mus.cli.generate.StageTimes.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A run's timings as JSON: stages in seconds, percentiles of the network's calls in milliseconds, and all of them as trace events, so that
 * trace viewers open the same file.
 *
 * @see <a href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace Event Format, JSON object format</a>
 */
final class TimingsFile {
    private static final int[] PERCENTILES = {50, 90, 99};

    private TimingsFile() {}

    /** Writes the file beside its place and renames it; a {@link SoundException} where that fails. */
    static void write(Path file, StageTimes times) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("stages_seconds", times.seconds());
        content.put("calls_milliseconds", calls(times.calls()));
        content.put("peak_resident_bytes", KernelTable.peakResidentBytes());
        content.put("displayTimeUnit", "ms");
        content.put("traceEvents", events(times));
        try (UnfinishedFile unfinished = UnfinishedFile.beside(file)) {
            byte[] json = new ObjectMapper().writer(new DefaultPrettyPrinter()).writeValueAsBytes(content);
            Files.write(unfinished.path(), json);
            unfinished.finish();
        } catch (IOException failure) {
            throw new SoundException(
                    file + " cannot be written (" + failure.getMessage() + ")",
                    "check the folder's permissions and the free space",
                    failure);
        }
    }

    private static Map<String, Object> calls(List<Span> calls) {
        double[] sorted = calls.stream().mapToDouble(Span::seconds).sorted().toArray();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("count", sorted.length);
        if (sorted.length > 0) {
            summary.put("first", calls.getFirst().seconds() * 1e3);
            for (int percentile : PERCENTILES) {
                // The smallest value that so many percent do not exceed.
                int index = Math.ceilDiv(sorted.length * percentile, 100) - 1;
                summary.put("p" + percentile, sorted[index] * 1e3);
            }
        }
        return summary;
    }

    private static List<Map<String, Object>> events(StageTimes times) {
        List<Span> stages = times.stages();
        long origin = stages.isEmpty() ? 0 : stages.getFirst().began();
        return Stream.concat(stages.stream(), times.calls().stream())
                .map(span -> event(span, origin))
                .toList();
    }

    /** A complete event; times are microseconds. */
    private static Map<String, Object> event(Span span, long origin) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("name", span.name());
        event.put("ph", "X");
        event.put("ts", (span.began() - origin) / 1e3);
        event.put("dur", (span.ended() - span.began()) / 1e3);
        event.put("pid", 1);
        event.put("tid", 1);
        return event;
    }
}
