package io.art2mus.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a training writes down for people: {@code metrics.jsonl}, a line for each update and each evaluation, and the same for TensorBoard. */
public final class TrainingMetrics implements TrainingListener, Closeable {
    /** Where a PNG says its width and height: behind the signature and its first chunk's length and name. */
    private static final int PNG_SIZE = 16;

    private static final String UPDATE = "update";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Writer lines;
    private final EventFile events;
    private final long itemsOfUpdate;

    private TrainingMetrics(Writer lines, EventFile events, long itemsOfUpdate) {
        this.lines = lines;
        this.events = events;
        this.itemsOfUpdate = itemsOfUpdate;
    }

    /**
     * Begins, or goes on after so many updates: what an interrupted training wrote of later ones is left out.
     *
     * @param itemsOfUpdate items that an update learns from
     */
    public static TrainingMetrics in(Path folder, long updates, long itemsOfUpdate) {
        Path file = folder.resolve("metrics.jsonl");
        try {
            if (Files.exists(file)) {
                Path kept = folder.resolve(".unfinished-metrics.jsonl");
                Files.write(kept, linesUpTo(updates, file));
                Files.move(kept, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            EventFile events = new EventFile(
                    folder.resolve("events.out.tfevents.%010d.art2mus".formatted(System.currentTimeMillis() / 1000)),
                    seconds());
            return new TrainingMetrics(
                    Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    events,
                    itemsOfUpdate);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> linesUpTo(long updates, Path file) throws IOException {
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (number(line) <= updates) {
                kept.add(line);
            }
        }
        return kept;
    }

    /** A line that a crash cut short belongs to no update. */
    private static long number(String line) {
        try {
            JsonNode read = JSON.readTree(line);
            return read.path(UPDATE).asLong(Long.MAX_VALUE);
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void updated(Step step) {
        double itemsASecond = itemsOfUpdate / step.seconds();
        write(JSON.createObjectNode()
                .put(UPDATE, step.number())
                .put("loss", step.update().loss())
                .put("gradient_norm", step.update().gradientNorm())
                .put("learning_rate", step.learningRate())
                .put("items_per_second", itemsASecond));
        events.scalar(seconds(), step.number(), "loss", (float) step.update().loss());
        events.scalar(
                seconds(), step.number(), "gradient_norm", (float) step.update().gradientNorm());
        events.scalar(seconds(), step.number(), "learning_rate", (float) step.learningRate());
        events.scalar(seconds(), step.number(), "items_per_second", (float) itemsASecond);
    }

    @Override
    public void evaluated(long updates, Evaluation.Losses losses) {
        ObjectNode line = JSON.createObjectNode().put(UPDATE, updates).put("validation_loss", losses.mean());
        ObjectNode byTimestep = line.putObject("validation_loss_by_timestep");
        events.scalar(seconds(), updates, "validation/loss", (float) losses.mean());
        losses.byTimestep().forEach((timestep, loss) -> {
            byTimestep.put(Integer.toString(timestep), loss);
            events.scalar(seconds(), updates, "validation/loss_at_" + timestep, loss.floatValue());
        });
        write(line);
    }

    /** Shows a PNG in TensorBoard. */
    public void picture(long updates, String tag, byte[] png) {
        ByteBuffer header = ByteBuffer.wrap(png, PNG_SIZE, 2 * Integer.BYTES);
        events.picture(seconds(), updates, tag, header.getInt(), header.getInt(), png);
    }

    private void write(ObjectNode line) {
        try {
            lines.write(line + "\n");
            lines.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double seconds() {
        return System.currentTimeMillis() / 1e3;
    }

    @Override
    public void close() {
        try (lines;
                events) {
            lines.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
