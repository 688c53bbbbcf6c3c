package io.art2mus.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a {@code config.json}, each taken with the type and the bounds its reader can live with. A value that is
 * missing, of another type or out of bounds is a {@link WeightsException} that names the file and the key.
 */
public final class ModelConfig {
    /** Configurations have a few thousand characters; one with a vocabulary in it some hundred thousand. */
    private static final long LONGEST_FILE = 4 << 20;
    /** Blocks, layers, dilations: nothing in a configuration is a longer list. */
    private static final int LONGEST_LIST = 1_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final Path file;
    private final String prefix;
    private final JsonNode values;

    private ModelConfig(Path file, String prefix, JsonNode values) {
        this.file = file;
        this.prefix = prefix;
        this.values = values;
    }

    /** Reads a file that holds one JSON object. */
    public static ModelConfig read(Path path) {
        try (MappedFile file = MappedFile.open(path)) {
            if (file.size() > LONGEST_FILE) {
                throw new WeightsException("longer than " + LONGEST_FILE + " bytes", path, "is this a configuration?");
            }
            return of(path, MappedJson.read(file, file.bytes(), JSON::readTree));
        }
    }

    /**
     * The same for JSON that is at hand already.
     *
     * @param path where it stands or will stand, for errors
     */
    public static ModelConfig parse(Path path, String json) {
        try {
            return of(path, JSON.readTree(json));
        } catch (JsonProcessingException malformed) {
            throw new WeightsException("no valid JSON", path, "is this a configuration?", malformed);
        }
    }

    private static ModelConfig of(Path path, @Nullable JsonNode values) {
        if (values == null || !values.isObject()) {
            throw new WeightsException("no JSON object", path, "is this a configuration?");
        }
        return new ModelConfig(path, "", values);
    }

    /** The file the values come from, for errors of whoever combines them. */
    public Path file() {
        return file;
    }

    /** Whether the key is there and not null; older configurations lack keys that have a default. */
    public boolean has(String key) {
        return values.hasNonNull(key);
    }

    /** The same values, and {@code defaults} where a key is absent or null: what the library that wrote the file assumes then. */
    public ModelConfig withDefaults(Map<String, ?> defaults) {
        ObjectNode filled = JSON.createObjectNode();
        defaults.forEach((key, value) -> filled.set(key, JSON.valueToTree(value)));
        values.forEachEntry((key, value) -> {
            if (!value.isNull() || !filled.has(key)) {
                filled.set(key, value);
            }
        });
        return new ModelConfig(file, prefix, filled);
    }

    /** Refuses another value than {@code only}, the one that this model computes with; absent and null stand for it. */
    public void requireOnly(String key, Object only) {
        if (has(key)) {
            JsonNode value = value(key);
            JsonNode expected = JSON.valueToTree(only);
            boolean equal = expected.isNumber()
                    ? value.isNumber() && (value.doubleValue() == expected.doubleValue())
                    : value.equals(expected);
            require(equal, key, value, expected + ", all that is known here");
        }
    }

    /** Refuses keys that switch on what this model does not have. */
    public void requireAbsent(String... keys) {
        for (String key : keys) {
            require(!has(key), key, values.path(key), "null");
        }
    }

    /** Refuses groups or heads that do not share a width evenly. */
    public void requireDivides(String key, int divisor, String widthKey, int width) {
        if (width % divisor != 0) {
            throw refused(key + " is " + divisor + ", which does not divide " + widthKey + " " + width);
        }
    }

    /** The error for values that do not fit together, or not this model. */
    public WeightsException refused(String what) {
        return new WeightsException(prefix + what, file, "is this the right configuration?");
    }

    /** Whether the value is an object, where a key may hold one or a plain text. */
    public boolean isObject(String key) {
        return value(key).isObject();
    }

    /** The object under {@code key}, such as CLAP's {@code text_config}. */
    public ModelConfig at(String key) {
        JsonNode value = value(key);
        require(value.isObject(), key, value, "an object");
        return new ModelConfig(file, prefix + key + ".", value);
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public int integer(String key, int min, int max) {
        return integer(key, value(key), min, max);
    }

    /** A finite number from {@code min} to {@code max}, both included. */
    public double number(String key, double min, double max) {
        JsonNode value = value(key);
        boolean fits = value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max;
        require(fits, key, value, "a number from " + min + " to " + max);
        return value.doubleValue();
    }

    /** True or false. */
    public boolean flag(String key) {
        JsonNode value = value(key);
        require(value.isBoolean(), key, value, "true or false");
        return value.booleanValue();
    }

    /** A text of any length, as it stands in the file: to be shown with care. */
    public String text(String key) {
        return text(key, value(key));
    }

    /** A text that is one of {@code choices}. */
    public String choice(String key, String... choices) {
        return choice(key, value(key), choices);
    }

    /** A list of texts, each one of {@code choices}: the kinds of a network's blocks. */
    public List<String> choices(String key, String... choices) {
        return list(key, value(key), element -> choice(key, element, choices));
    }

    /** A list of whole numbers from {@code min} to {@code max}. */
    public List<Integer> integers(String key, int min, int max) {
        return list(key, value(key), element -> integer(key, element, min, max));
    }

    /** {@code count} whole numbers, written as a list of as many or as one number that holds for all. */
    public List<Integer> integers(String key, int count, int min, int max) {
        if (value(key).isNumber()) {
            return Collections.nCopies(count, integer(key, min, max));
        }
        List<Integer> integers = integers(key, min, max);
        require(integers.size() == count, key, value(key), "a list of " + count + " whole numbers");
        return integers;
    }

    /** A list of lists of whole numbers from {@code min} to {@code max}. */
    public List<List<Integer>> integerLists(String key, int min, int max) {
        return list(key, value(key), inner -> list(key, inner, element -> integer(key, element, min, max)));
    }

    /** As {@link #integerLists}, empty where the file has null: {@code cross_attention_dim} of the T-UNet. */
    public List<List<OptionalInt>> optionalIntegerLists(String key, int min, int max) {
        return list(
                key,
                value(key),
                inner -> list(
                        key,
                        inner,
                        element -> element.isNull()
                                ? OptionalInt.empty()
                                : OptionalInt.of(integer(key, element, min, max))));
    }

    private JsonNode value(String key) {
        JsonNode value = values.get(key);
        if (value == null) {
            throw refused(key + " is missing");
        }
        return value;
    }

    private int integer(String key, JsonNode value, int min, int max) {
        boolean fits = value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= min
                && value.intValue() <= max;
        require(fits, key, value, "a whole number from " + min + " to " + max);
        return value.intValue();
    }

    private String text(String key, JsonNode value) {
        require(value.isTextual(), key, value, "a text");
        return value.textValue();
    }

    private String choice(String key, JsonNode value, String... choices) {
        String text = text(key, value);
        require(List.of(choices).contains(text), key, value, String.join(" or ", choices));
        return text;
    }

    private <T> List<T> list(String key, JsonNode value, Function<JsonNode, T> element) {
        require(value.isArray() && value.size() <= LONGEST_LIST, key, value, "a list");
        return value.valueStream().map(element).toList();
    }

    private void require(boolean fits, String key, JsonNode value, String expected) {
        if (!fits) {
            String shown = value.isContainerNode() && value.size() > LONGEST_LIST ? "too long" : value.toString();
            throw refused(key + " is " + shown + ", expected " + expected);
        }
    }
}
