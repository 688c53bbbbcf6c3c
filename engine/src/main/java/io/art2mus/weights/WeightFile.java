package io.art2mus.weights;

import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Named tensors of one weight file, or of a set of shards, that stay mapped until it is closed. Parameters taken from it
 * must not be used afterwards. Any thread may read; closing is the owner's affair.
 */
public sealed interface WeightFile extends OpenWeights permits MappedTensors, ShardedWeights {
    /**
     * Opens a weight file by its name: {@code .safetensors}, PyTorch's {@code .pt}, {@code .pth} and {@code .bin}, or the
     * {@code .index.json} of shards. A {@link WeightsException} where it cannot be used.
     */
    static WeightFile open(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".safetensors")) {
            return SafetensorsFile.open(file);
        }
        if (name.endsWith(".safetensors.index.json") || name.endsWith(".bin.index.json")) {
            return ShardedWeights.open(file);
        }
        if (name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".bin")) {
            return TorchFile.open(file);
        }
        throw new WeightsException("unknown kind of weight file", file, "give a .safetensors, .pt, .pth or .bin file");
    }

    /**
     * Opens the weights in the folder of one part of a checkpoint, such as {@code unet}, through symbolic links and under
     * whichever name diffusers or transformers gave them; the mapped formats come first.
     */
    static WeightFile openPart(Path folder) {
        return open(inPart(folder));
    }

    /** Every file that {@link #openPart} reads: one, or an index and its shards. */
    static List<Path> filesOfPart(Path folder) {
        Path file = inPart(folder);
        List<Path> files = new ArrayList<>(List.of(file));
        if (String.valueOf(file.getFileName()).endsWith(".index.json")) {
            ShardIndex.read(file).values().stream()
                    .distinct()
                    .map(folder::resolve)
                    .forEach(files::add);
        }
        return files;
    }

    private static Path inPart(Path folder) {
        List<String> known = List.of(
                "diffusion_pytorch_model.safetensors",
                "model.safetensors",
                "diffusion_pytorch_model.safetensors.index.json",
                "model.safetensors.index.json",
                "diffusion_pytorch_model.bin",
                "pytorch_model.bin",
                "diffusion_pytorch_model.bin.index.json",
                "pytorch_model.bin.index.json");
        return known.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new WeightsException(
                        "no weights in this folder", folder, "put one of these there: " + String.join(", ", known)));
    }

    /** Names of the tensors, in the order of the file. */
    Set<String> names();

    /** Extents of a tensor; a {@link WeightsException} where the file has none of that name. */
    Shape shapeOf(String name);

    /** The tensor's mapped elements; a {@link WeightsException} where the file has none of that name. */
    Parameter parameter(String name);

    /** The tensors by module path; each tree remembers for itself what was taken. */
    @Override
    default WeightTree tree() {
        return new WeightTree(this, Optional.empty(), null);
    }

    /**
     * The same where it is known what tells these tensors from all others.
     *
     * @param identity digests of the files
     * @param finite which of the tensors need not be looked at again; grows with what is taken
     */
    default WeightTree tree(String identity, FiniteParameters finite) {
        return new WeightTree(this, Optional.of(identity), finite);
    }

    /** Unmaps the files; later calls do nothing. */
    @Override
    void close();
}
