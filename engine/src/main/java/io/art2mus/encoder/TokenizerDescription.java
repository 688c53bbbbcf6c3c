package io.art2mus.encoder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads a {@code tokenizer.json} and lets through only what the native parser is known to survive: on a description that
 * contradicts itself that one may end the process instead of answering with an error.
 */
final class TokenizerDescription {
    /** The published ones have two million characters. */
    private static final long LARGEST_FILE = 64 << 20;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(40)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;

    private TokenizerDescription(Path file) {
        this.file = file;
    }

    /**
     * The description without what encoding does not need (decoder, padding, truncation), as JSON.
     *
     * @throws WeightsException where the file cannot be read, or holds anything that no tokenizer of this family has
     */
    static String read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new WeightsException("larger than " + LARGEST_FILE + " bytes", file, "is this a tokenizer?");
            }
            return new TokenizerDescription(file).checked(JSON.readTree(Files.readAllBytes(file)));
        } catch (JacksonException malformed) {
            throw new WeightsException(
                    "no valid JSON: " + malformed.getOriginalMessage(), file, "fetch it again", malformed);
        } catch (IOException unreadable) {
            throw new WeightsException("cannot be read", file, "check that it is there and readable", unreadable);
        }
    }

    private String checked(JsonNode description) throws JacksonException {
        require(description.isObject(), "the description");
        each(description.path("added_tokens"), "added_tokens", token -> {
            require(token.path("id").isInt() && token.path("id").intValue() >= 0, "an added token's id");
            require(!token.path("content").asText().isEmpty(), "an added token's content");
        });
        ifPresent(description.path("normalizer"), this::requireNormalizer);
        ifPresent(description.path("pre_tokenizer"), this::requirePreTokenizer);
        ifPresent(description.path("post_processor"), this::requirePostProcessor);
        requireModel(description.path("model"));

        ObjectNode passed = JSON.createObjectNode().put("version", "1.0");
        passed.putNull("truncation").putNull("padding").set("added_tokens", description.get("added_tokens"));
        for (String part : new String[] {"normalizer", "pre_tokenizer", "post_processor", "model"}) {
            passed.set(part, description.get(part));
        }
        return JSON.writeValueAsString(passed.putNull("decoder"));
    }

    private void requireNormalizer(JsonNode part) {
        switch (part.path("type").asText()) {
            case "Sequence" -> each(part.path("normalizers"), "normalizers", this::requireNormalizer);
            case "Nmt", "NFC", "NFD", "NFKC", "NFKD", "Lowercase" -> {}
            case "Replace" -> require(part.path("content").isTextual(), "a replacement");
            case "Precompiled" -> {
                String map = part.path("precompiled_charsmap").asText();
                require(PrecompiledCharacterMap.isSound(map), "precompiled_charsmap");
            }
            default -> refuse("a normalizer of type " + part.path("type"));
        }
    }

    private void requirePreTokenizer(JsonNode part) {
        switch (part.path("type").asText()) {
            case "Sequence" -> each(part.path("pretokenizers"), "pretokenizers", this::requirePreTokenizer);
            case "ByteLevel", "WhitespaceSplit" -> {}
            case "Metaspace" -> {
                String replacement = part.path("replacement").asText();
                require(replacement.codePointCount(0, replacement.length()) == 1, "Metaspace's replacement");
            }
            default -> refuse("a pre_tokenizer of type " + part.path("type"));
        }
    }

    private void requirePostProcessor(JsonNode part) {
        switch (part.path("type").asText()) {
            case "RobertaProcessing" -> {}
            case "TemplateProcessing" -> {
                JsonNode known = part.path("special_tokens");
                each(known, "special_tokens", this::requireSpecialToken);
                each(part.path("single"), "single", piece -> requirePiece(piece, known));
                each(part.path("pair"), "pair", piece -> requirePiece(piece, known));
            }
            default -> refuse("a post_processor of type " + part.path("type"));
        }
    }

    private void requireSpecialToken(JsonNode token) {
        int ids = token.path("ids").size();
        require(ids > 0 && token.path("tokens").size() == ids, "a special token of the template");
        each(token.path("ids"), "ids", id -> require(id.isInt() && id.intValue() >= 0, "a special token's id"));
    }

    private void requirePiece(JsonNode piece, JsonNode known) {
        require(
                piece.has("Sequence")
                        || known.has(piece.path("SpecialToken").path("id").asText()),
                "a special token of the template");
    }

    private void requireModel(JsonNode model) {
        JsonNode vocabulary = model.path("vocab");
        require(vocabulary.size() > 0, "the vocabulary");
        switch (model.path("type").asText()) {
            case "BPE" -> {
                // Merged tokens are cut by the prefix's length, wherever that falls.
                require(model.path("continuing_subword_prefix").asText("").isEmpty(), "continuing_subword_prefix");
                each(vocabulary, "vocab", id -> require(id.isInt() && id.intValue() >= 0, "a token's id"));
            }
            case "Unigram" -> {
                each(
                        vocabulary,
                        "vocab",
                        entry -> require(
                                entry.size() == 2
                                        && entry.get(0).isTextual()
                                        && entry.get(1).isNumber()
                                        && Double.isFinite(entry.get(1).doubleValue()),
                                "an entry of the vocabulary"));
                JsonNode unknown = model.path("unk_id");
                require(unknown.isInt() && vocabulary.has(unknown.intValue()), "unk_id");
            }
            default -> refuse("a model of type " + model.path("type"));
        }
    }

    private static void ifPresent(JsonNode part, Consumer<JsonNode> check) {
        if (!part.isMissingNode() && !part.isNull()) {
            check.accept(part);
        }
    }

    private void each(JsonNode list, String name, Consumer<JsonNode> check) {
        require(list.isContainerNode(), name);
        list.forEach(check);
    }

    private void require(boolean sound, String what) {
        if (!sound) {
            refuse(what);
        }
    }

    private void refuse(String what) {
        throw new WeightsException(
                "no valid tokenizer: " + what + " is not as this family has it", file, "fetch it again");
    }
}
