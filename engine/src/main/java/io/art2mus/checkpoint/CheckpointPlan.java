package io.art2mus.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.art2mus.graph.DType;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightWriter.Declaration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Every file of a checkpoint to be, before any is written. */
public final class CheckpointPlan {
    /** The file that says that a folder is a checkpoint. */
    static final String INDEX = "model_index.json";

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<WeightPlan> weights;
    private final DType dtype;
    private final long seed;

    private CheckpointPlan(List<WeightPlan> weights, DType dtype, long seed) {
        this.weights = weights;
        this.dtype = dtype;
        this.seed = seed;
    }

    /**
     * A weight file.
     *
     * @param path in the checkpoint
     */
    record WeightPlan(String path, List<NewTensor> tensors) {
        /** The tensors as a writer wants them. */
        List<Declaration> declarations(DType dtype) {
            return tensors.stream()
                    .map(tensor -> new Declaration(
                            tensor.name(),
                            tensor.filling() instanceof Filling.Integers ? DType.I64 : dtype,
                            tensor.shape()))
                    .toList();
        }
    }

    /**
     * The plan of some parts; the index and a description of the whole come with them.
     *
     * @param dtype the type that real numbers are stored in: F32, F16 or BF16
     * @param seed what the random ones follow from
     */
    public static CheckpointPlan of(Preset preset, Set<CheckpointPart> parts, DType dtype, long seed) {
        CheckpointPlan plan = new CheckpointPlan(weights(preset, parts), dtype, seed);
        Preset.FILES.stream()
                .filter(file -> file.equals(INDEX) || isOf(file, parts))
                .forEach(file -> plan.texts.put(file, withDtype(preset.json(file), dtype)));
        plan.addGenerated(preset, parts);
        plan.texts.put("README.md", ModelCard.of(preset, parts, dtype, seed));
        return plan;
    }

    private static boolean isOf(String file, Set<CheckpointPart> parts) {
        return parts.stream().anyMatch(part -> file.startsWith(part + "/"));
    }

    /** The configurations of transformers say in which type the weights lie. */
    private static String withDtype(String json, DType dtype) {
        try {
            JsonNode config = JSON.readTree(json);
            if (config instanceof ObjectNode object && object.has("model_type")) {
                object.put("dtype", nameInPyTorch(dtype));
            }
            return config.toPrettyString() + "\n";
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("a configuration of the preset is no JSON", malformed);
        }
    }

    private static String nameInPyTorch(DType dtype) {
        return switch (dtype) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case F64, I64, I32 ->
                throw new IllegalArgumentException("a checkpoint is stored in F32, F16 or BF16, not " + dtype);
        };
    }

    private void addGenerated(Preset preset, Set<CheckpointPart> parts) {
        if (parts.contains(CheckpointPart.TOKENIZER)) {
            ModelConfig clap = preset.config("text_encoder/config.json").at("text_config");
            texts.put("tokenizer/tokenizer.json", TokenizerFiles.byteLevel(vocabulary(clap)));
        }
        if (parts.contains(CheckpointPart.TOKENIZER_2)) {
            ModelConfig t5 = preset.config("text_encoder_2/config.json");
            texts.put("tokenizer_2/tokenizer.json", TokenizerFiles.unigram(vocabulary(t5)));
        }
        if (parts.contains(CheckpointPart.IMAGEBIND)) {
            texts.put("imagebind/imagebind_huge.json", heads(preset.imageBind()));
        }
    }

    private static int vocabulary(ModelConfig encoder) {
        return encoder.integer("vocab_size", 1, Integer.MAX_VALUE);
    }

    /** What does not follow from ImageBind's weights. */
    private static String heads(ImageBindSizes sizes) {
        ObjectNode heads = JSON.createObjectNode();
        heads.put("vision_num_heads", sizes.vision().heads());
        heads.put("audio_num_heads", sizes.audio().heads());
        heads.put("text_num_heads", sizes.text().heads());
        return heads.toPrettyString() + "\n";
    }

    private static List<WeightPlan> weights(Preset preset, Set<CheckpointPart> parts) {
        List<WeightPlan> weights = new ArrayList<>();
        for (CheckpointPart part : CheckpointPart.values()) {
            if (parts.contains(part)) {
                weights.addAll(weights(preset, part));
            }
        }
        return weights;
    }

    private static List<WeightPlan> weights(Preset preset, CheckpointPart part) {
        return switch (part) {
            case UNET -> diffusers(part, NetworkTensors.unet(config(preset, part)));
            case VAE -> diffusers(part, NetworkTensors.vae(config(preset, part)));
            case PROJECTION_MODEL -> diffusers(part, NetworkTensors.textProjection(config(preset, part)));
            case VOCODER -> transformers(part, NetworkTensors.vocoder(config(preset, part)));
            case LANGUAGE_MODEL -> transformers(part, NetworkTensors.languageModel(config(preset, part)));
            case TEXT_ENCODER -> transformers(part, ClapTensors.of(config(preset, part)));
            case TEXT_ENCODER_2 -> transformers(part, FlanT5Tensors.of(config(preset, part)));
            case IMAGE_PROJECTION ->
                List.of(
                        new WeightPlan(part + "/art2mus.safetensors", NetworkTensors.imageProjection(preset, 1)),
                        new WeightPlan(part + "/art2mus_4.safetensors", NetworkTensors.imageProjection(preset, 4)));
            case IMAGEBIND ->
                List.of(new WeightPlan(part + "/imagebind_huge.pth", ImageBindTensors.of(preset.imageBind())));
            case TOKENIZER, TOKENIZER_2, FEATURE_EXTRACTOR, SCHEDULER -> List.of();
        };
    }

    private static ModelConfig config(Preset preset, CheckpointPart part) {
        return preset.config(part + "/config.json");
    }

    private static List<WeightPlan> diffusers(CheckpointPart part, List<NewTensor> tensors) {
        return List.of(new WeightPlan(part + "/diffusion_pytorch_model.safetensors", tensors));
    }

    private static List<WeightPlan> transformers(CheckpointPart part, List<NewTensor> tensors) {
        return List.of(new WeightPlan(part + "/model.safetensors", tensors));
    }

    /** Small files by their path in the checkpoint. */
    Map<String, String> texts() {
        return Collections.unmodifiableMap(texts);
    }

    /** The weight files. */
    List<WeightPlan> weights() {
        return Collections.unmodifiableList(weights);
    }

    /** The type that real numbers are stored in. */
    DType dtype() {
        return dtype;
    }

    /** What the random ones follow from. */
    long seed() {
        return seed;
    }

    /** Size of all tensors in bytes; what else the files hold is below a thousandth of it, or small. */
    public long bytes() {
        return weights.stream()
                .flatMap(file -> file.declarations(dtype).stream())
                .mapToLong(Declaration::bytes)
                .sum();
    }

    /** As users write it. */
    static String shown(DType dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }
}
