package io.art2mus.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.art2mus.graph.HostTensor;
import io.art2mus.weights.FileTree;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * States of a training on disk: in each folder {@code step-N} the weights and both moments, {@code state.safetensors}, and how many updates
 * there were under which settings and with which loss scale, {@code training.json}. Weights have the names that published layers have, so that {@code --projection}
 * takes the file too. A folder is filled beside its place and renamed: one of that name is whole, whatever happens to process and disk.
 */
public final class TrainingCheckpoints {
    private static final String STATE = "state.safetensors";
    private static final String RECORD = "training.json";
    private static final String UPDATES = "updates";
    private static final String LOSS_SCALE = "loss_scale";
    private static final String FACTOR = "factor";
    private static final String UNFINISHED = ".unfinished-";
    private static final String FIRST_MOMENT = "first_moment.";
    private static final String SECOND_MOMENT = "second_moment.";
    private static final Pattern NAME = Pattern.compile("step-([0-9]{1,18})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    /** Those of one training; the folder need not be there yet. */
    public TrainingCheckpoints(Path folder) {
        this.folder = folder;
    }

    /** The file of the weights, which {@code --projection} takes. */
    public static Path weights(Path checkpoint) {
        return checkpoint.resolve(STATE);
    }

    /**
     * Writes a state, in place of one with as many updates. Where that fails, as on a full disk, every older one is as it was.
     *
     * @param settings what the training must be given again
     * @return the new folder
     */
    public Path save(TrainingState state, Map<String, String> settings) {
        Path place = folder.resolve("step-" + state.updates());
        Path unfinished = folder.resolve(UNFINISHED + place.getFileName());
        try {
            Files.createDirectories(folder);
            removeUnfinished();
            Files.createDirectory(unfinished);
            SequencedMap<String, HostTensor> tensors = ProjectionFile.published("", state.weights());
            tensors.putAll(
                    ProjectionFile.published(FIRST_MOMENT, state.moments().first()));
            tensors.putAll(
                    ProjectionFile.published(SECOND_MOMENT, state.moments().second()));
            ProjectionFile.write(unfinished.resolve(STATE), tensors);
            writeRecord(unfinished.resolve(RECORD), state, settings);
            putInPlace(unfinished, place);
            return place;
        } catch (IOException failure) {
            delete(unfinished, failure);
            throw new TrainingException(
                    place + " cannot be written (" + failure.getMessage()
                            + "); make room and go on with --resume latest",
                    failure);
        } catch (RuntimeException failure) {
            delete(unfinished, failure);
            throw failure;
        }
    }

    private static void writeRecord(Path file, TrainingState state, Map<String, String> settings) throws IOException {
        ObjectNode saved = JSON.createObjectNode().put(UPDATES, state.updates());
        LossScale scale = state.lossScale();
        if (!scale.equals(LossScale.NONE)) {
            saved.putObject(LOSS_SCALE).put(FACTOR, scale.factor()).put(UPDATES, scale.updates());
        }
        settings.forEach(saved.putObject("settings")::put);
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(saved));
        ProjectionFile.force(file);
    }

    private void putInPlace(Path unfinished, Path place) throws IOException {
        if (Files.exists(place)) {
            Path old = folder.resolve(UNFINISHED + "old-" + place.getFileName());
            Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            FileTree.delete(old);
        } else {
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** What a process that was killed left. */
    private void removeUnfinished() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith(UNFINISHED)) {
                    FileTree.delete(file);
                }
            }
        }
    }

    /** The state after the most updates; empty where there is none. */
    public Optional<Path> latest() {
        List<Path> all = inOrder();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** Deletes all but the last {@code keep}. */
    public void prune(int keep) {
        List<Path> all = inOrder();
        delete(all.subList(0, Math.max(0, all.size() - keep)));
    }

    /** Deletes those after more updates, for a training that goes on from an earlier one. */
    public void discardAfter(long updates) {
        delete(inOrder().stream().filter(each -> number(each) > updates).toList());
    }

    private void delete(List<Path> checkpoints) {
        try {
            for (Path old : checkpoints) {
                // Without its name it is no checkpoint, wherever the deletion stops.
                Path nameless = folder.resolve(UNFINISHED + "old-" + old.getFileName());
                Files.move(old, nameless, StandardCopyOption.ATOMIC_MOVE);
                FileTree.delete(nameless);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<Path> inOrder() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> number(file) >= 0)
                    .sorted(Comparator.comparingLong(TrainingCheckpoints::number))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long number(Path file) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /**
     * Refuses to go on under other settings than a state was reached with; a {@link TrainingException} names each.
     *
     * @param settings of which some may be missing, and are not compared
     */
    public static void requireSame(Path checkpoint, Map<String, String> settings) {
        JsonNode before = read(checkpoint).path("settings");
        List<String> changed = new ArrayList<>();
        settings.forEach((option, now) -> {
            String was = before.path(option).asText("unknown");
            if (!was.equals(now)) {
                changed.add(option + " was " + was + ", is " + now);
            }
        });
        if (!changed.isEmpty()) {
            throw new TrainingException(checkpoint + " was trained otherwise: " + String.join("; ", changed)
                    + "; give what was given then, or begin afresh in another folder");
        }
    }

    private static JsonNode read(Path checkpoint) {
        Path file = checkpoint.resolve(RECORD);
        @Nullable JsonNode content;
        try {
            content = JSON.readTree(file.toFile());
        } catch (IOException unreadable) {
            throw new TrainingException(
                    checkpoint + " is no checkpoint of a training: " + RECORD
                            + " is missing or damaged; name a folder step-N, or latest",
                    unreadable);
        }
        JsonNode updates = content.path(UPDATES);
        if (!updates.canConvertToLong() || updates.asLong() < 0) {
            throw new TrainingException(file + " does not say how many updates there were; choose another checkpoint");
        }
        return content;
    }

    /**
     * Sets moments, the number of updates and the loss scale as they were; a {@code WeightsException} where the file is damaged.
     *
     * @param state with the weights of {@link #weights}
     */
    public static void restore(Path checkpoint, TrainingState state) {
        try (WeightFile file = WeightFile.open(weights(checkpoint))) {
            restore(file.tree(), FIRST_MOMENT, state.moments().first());
            restore(file.tree(), SECOND_MOMENT, state.moments().second());
        }
        JsonNode record = read(checkpoint);
        state.resumeAt(record.path(UPDATES).asLong(), lossScale(checkpoint, record.path(LOSS_SCALE)));
    }

    private static LossScale lossScale(Path checkpoint, JsonNode saved) {
        if (saved.isMissingNode()) {
            return LossScale.NONE;
        }
        try {
            return new LossScale(
                    saved.path(FACTOR).asDouble(), saved.path(UPDATES).asInt(-1));
        } catch (IllegalArgumentException damaged) {
            throw new TrainingException(
                    checkpoint.resolve(RECORD) + ": " + damaged.getMessage() + "; choose another checkpoint", damaged);
        }
    }

    private static void restore(WeightTree tree, String prefix, TrainedTensors tensors) {
        try (Arena scratch = Arena.ofConfined()) {
            ProjectionFile.published(prefix, tensors)
                    .forEach((name, tensor) -> tensor.data()
                            .copyFrom(tree.parameter(name, tensor.shape())
                                    .floats(scratch)
                                    .data()));
        }
    }

    private static void delete(Path tree, Exception failure) {
        try {
            FileTree.delete(tree);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }
}
