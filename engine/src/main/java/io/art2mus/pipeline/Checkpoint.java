package io.art2mus.pipeline;

import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.diffusion.Sampler;
import io.art2mus.encoder.ImageBindHeads;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of the AudioLDM 2 family in the Hugging Face layout, with ImageBind and the image projections of Art2Mus beside it. It
 * opens nothing by itself: parts are opened when they are needed and closed when they are done.
 *
 * @param folder where {@code model_index.json} lies
 * @param otherProjection weights of an image projection from elsewhere; null for the folder's own
 * @param otherImageBind ImageBind's weights from elsewhere; null for the folder's own
 */
public record Checkpoint(
        Path folder,
        @Nullable Path otherProjection,
        @Nullable Path otherImageBind) {
    private static final List<String> NETWORKS =
            List.of("text_encoder", "text_encoder_2", "projection_model", "language_model", "unet", "vae", "vocoder");

    /** A {@link WeightsException} where the folder holds no checkpoint. */
    public Checkpoint {
        if (!Files.isRegularFile(folder.resolve("model_index.json"))) {
            throw new WeightsException(
                    "no checkpoint here: model_index.json is missing", folder, "give the folder that holds it");
        }
    }

    /** The checkpoint that a folder holds. */
    public Checkpoint(Path folder) {
        this(folder, null, null);
    }

    /** Configuration of a part, such as {@code unet}. */
    public ModelConfig config(String part) {
        return ModelConfig.read(part(part).resolve("config.json"));
    }

    /** Weights of a part. The caller owns the open files. */
    public WeightFile weights(String part) {
        return WeightFile.openPart(part(part));
    }

    /** The folder of a part. */
    public Path part(String part) {
        return folder.resolve(part);
    }

    /** The sampler's configuration. */
    public ModelConfig scheduler() {
        return ModelConfig.read(part("scheduler").resolve("scheduler_config.json"));
    }

    /** The wish's sampler on the noise schedule of this checkpoint; a {@code StepCountException} where it does not take so many steps. */
    public Sampler sampler(Wish wish) {
        return Sampler.of(wish.sampler(), NoiseSchedule.from(scheduler()), wish.steps());
    }

    /** The weights of an image projection layer. */
    public Path imageProjection(Variant variant) {
        if (otherProjection != null) {
            return otherProjection;
        }
        Path projections = part("image_projection");
        Path safetensors = projections.resolve(variant.fileStem() + ".safetensors");
        if (Files.isRegularFile(safetensors)) {
            return safetensors;
        }
        Path torch = projections.resolve(variant.fileStem() + "_img_proj_layer.pt");
        if (Files.isRegularFile(torch)) {
            return torch;
        }
        throw new WeightsException(
                "no image projection " + variant,
                projections,
                "it should hold " + safetensors.getFileName() + " or " + torch.getFileName());
    }

    /** ImageBind's {@code .pth}: in a folder of its own, else beside {@code model_index.json}. */
    public Path imageBind() {
        if (otherImageBind != null) {
            return otherImageBind;
        }
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(part("imagebind"))) {
            found.addAll(matching(part("imagebind"), "*.pth"));
        }
        if (found.isEmpty()) {
            found.addAll(matching(folder, "imagebind*.pth"));
        }
        if (found.size() != 1) {
            throw new WeightsException(
                    found.isEmpty() ? "no ImageBind weights" : found.size() + " ImageBind weights: " + found,
                    folder,
                    "keep one imagebind/*.pth");
        }
        return found.getFirst();
    }

    /** Every file that sounds of {@code variant} are made with; a {@link WeightsException} where one is missing. */
    public List<Path> files(Variant variant) {
        List<Path> files = new ArrayList<>();
        for (String tokenizer : List.of("tokenizer", "tokenizer_2")) {
            files.add(part(tokenizer).resolve("tokenizer.json"));
            files.add(part(tokenizer).resolve("tokenizer_config.json"));
        }
        files.add(part("scheduler").resolve("scheduler_config.json"));
        for (String part : NETWORKS) {
            addIfPresent(files, part(part).resolve("config.json"));
            files.addAll(WeightFile.filesOfPart(part(part)));
        }
        if (variant.takesPicture()) {
            files.add(imageProjection(variant));
            files.add(imageBind());
            addIfPresent(files, ImageBindHeads.fileBeside(imageBind()));
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new WeightsException("no such file", file, "is the checkpoint complete?");
            }
        }
        return files;
    }

    private static void addIfPresent(List<Path> files, Path file) {
        if (Files.isRegularFile(file)) {
            files.add(file);
        }
    }

    private static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(found::add);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }
}
