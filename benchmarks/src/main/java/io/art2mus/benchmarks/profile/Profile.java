package io.art2mus.benchmarks.profile;

import io.art2mus.backend.OperationEvent;
import io.art2mus.benchmarks.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * A flight recording of the run, and what it says of operations as a flame graph: the network's places one within another, kinds of
 * operation at the tips. Samples of the stack would not tell that, for the time is spent in native code that has no Java frames; they
 * are in the recording all the same, for {@code jfr view hot-methods} and the like.
 */
public final class Profile implements AutoCloseable {
    private final Recording recording;
    private final Path file;

    private Profile(Recording recording, Path file) {
        this.recording = recording;
        this.file = file;
    }

    /** Starts to record; {@code file} is written when it is finished. */
    public static Profile start(Path file) {
        try {
            Recording recording = new Recording(Configuration.getConfiguration("profile"));
            recording.enable(OperationEvent.class).withoutThreshold();
            recording.enable(StageEvent.class).withoutThreshold();
            recording.start();
            return new Profile(recording, file);
        } catch (IOException | ParseException failure) {
            throw new BenchException("the flight recorder cannot be started: " + failure.getMessage(), failure);
        }
    }

    /** Stops recording, and writes the recording and, beside it, the flame graph, whose place it returns. */
    public Path finish() {
        Path picture = file.resolveSibling(file.getFileName() + ".svg");
        try {
            recording.stop();
            recording.dump(file);
            Files.writeString(picture, FlameGraph.of(stacks(file)).svg());
            return picture;
        } catch (IOException failure) {
            throw new BenchException(file + " cannot be written (" + failure.getMessage() + ")", failure);
        }
    }

    private static List<FlameGraph.Stack> stacks(Path file) throws IOException {
        List<FlameGraph.Stack> stacks = new ArrayList<>();
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (event.getEventType().getName().equals(OperationEvent.NAME)) {
                    List<String> frames =
                            new ArrayList<>(List.of(event.getString("path").split("\\.")));
                    frames.add(event.getString("kind"));
                    stacks.add(new FlameGraph.Stack(frames, event.getDuration().toNanos()));
                }
            }
        }
        return stacks;
    }

    @Override
    public void close() {
        recording.close();
    }
}
