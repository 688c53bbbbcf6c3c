package io.art2mus.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.art2mus.audio.UnfinishedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Measurements for programs: times in seconds, rates in a second. */
public final class JsonFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonFile() {}

    /**
     * Writes the file beside its place and renames it; a {@link BenchException} where that fails.
     *
     * @param conditions what all of them were measured with
     */
    public static void write(Path file, Map<String, Object> conditions, List<Measurement> measurements) {
        ObjectNode content = JSON.createObjectNode();
        conditions.forEach(content::putPOJO);
        measurements.forEach(measurement -> content.withArray("/benchmarks").add(node(measurement)));
        try (UnfinishedFile unfinished = UnfinishedFile.beside(file)) {
            Files.write(unfinished.path(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            unfinished.finish();
        } catch (IOException failure) {
            throw new BenchException(file + " cannot be written (" + failure.getMessage() + ")", failure);
        }
    }

    private static ObjectNode node(Measurement measured) {
        ObjectNode node = JSON.createObjectNode()
                .put("name", measured.name())
                .put("per_call", measured.perCall())
                .put("calls", measured.calls())
                .put("opening", measured.opening())
                .put("first", measured.first())
                .put("p50", measured.p50())
                .put("p90", measured.p90())
                .put("p99", measured.p99());
        if (measured.work().operations() > 0) {
            node.put("operations", measured.work().operations());
        }
        put(node, "operations_per_second", measured.gigaflops(), 1e9);
        put(node, "bytes_per_second", measured.gigabytes(), 1e9);
        put(node, "floor", measured.floor(), 1);
        put(node, "ceiling_share", measured.ceilingShare(), 1);
        return node;
    }

    private static void put(ObjectNode node, String name, OptionalDouble value, double factor) {
        value.ifPresent(number -> node.put(name, number * factor));
    }
}
