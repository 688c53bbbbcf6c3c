package io.art2mus.train;

import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.weights.WeightWriter;
import io.art2mus.weights.WeightWriter.Declaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Writes tensors in the format that a file's name says, so that they are on the disk when it returns. */
final class ProjectionFile {
    private ProjectionFile() {}

    /** The layer by the names that published ones have, replacing the file in one go. */
    static void replace(Path file, TrainedTensors weights) {
        // Not deleted by a hook when the process ends: it is then that the last state is saved.
        Path unfinished = file.resolveSibling(".unfinished-" + file.getFileName());
        try {
            Files.deleteIfExists(unfinished);
            write(unfinished, published("", weights));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Each tensor under its published name with {@code prefix} before it. */
    static SequencedMap<String, HostTensor> published(String prefix, TrainedTensors tensors) {
        SequencedMap<String, HostTensor> published = new LinkedHashMap<>();
        tensors.byName()
                .forEach((name, tensor) ->
                        published.put(prefix + name.substring(InitialProjection.PART.length()), tensor));
        return published;
    }

    /** Creates a file of these tensors; a {@code WeightsException} where that fails, and then there is none. */
    static void write(Path file, SequencedMap<String, HostTensor> tensors) throws IOException {
        List<Declaration> declarations = tensors.entrySet().stream()
                .map(entry -> new Declaration(
                        entry.getKey(), DType.F32, entry.getValue().shape()))
                .toList();
        try (WeightWriter writer = WeightWriter.create(file, declarations)) {
            tensors.forEach((name, tensor) -> writer.write(name, tensor.data()));
            writer.finish();
        } catch (RuntimeException failure) {
            Files.deleteIfExists(file);
            throw failure;
        }
        force(file);
    }

    /** Returns when the file is on the disk. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
