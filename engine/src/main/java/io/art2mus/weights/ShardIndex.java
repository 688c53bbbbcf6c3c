package io.art2mus.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code weight_map} of a {@code *.index.json}: which file beside it holds which tensor. */
final class ShardIndex {
    private static final long LONGEST_INDEX = 64 << 20;
    private static final int MOST_TENSORS = 250_000;

    /** A name that leads to another folder would make the index a way to read any file of the machine. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");

    private final MappedFile file;
    private final String ending;
    private final Map<String, String> shards = new LinkedHashMap<>();

    private ShardIndex(MappedFile file, String ending) {
        this.file = file;
        this.ending = ending;
    }

    /** File names by tensor, in the order of the index; every one a plain name of the index's own kind. */
    static Map<String, String> read(Path path) {
        String ending = path.toString().endsWith(".bin.index.json") ? ".bin" : ".safetensors";
        try (MappedFile file = MappedFile.open(path)) {
            if (file.size() > LONGEST_INDEX) {
                throw file.damaged("longer than " + LONGEST_INDEX + " bytes");
            }
            return MappedJson.read(file, file.bytes(), new ShardIndex(file, ending)::weightMap);
        }
    }

    private Map<String, String> weightMap(JsonParser json) throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, "no JSON object");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            if (json.currentName().equals("weight_map")) {
                require(shards.isEmpty() && json.nextToken() == JsonToken.START_OBJECT, "no single weight_map");
                readShards(json);
            } else {
                json.nextToken();
                json.skipChildren();
            }
        }
        require(!shards.isEmpty(), "no tensor in its weight_map");
        return shards;
    }

    private void readShards(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String tensor = json.currentName();
            String shard = requirePlain(tensor, json.nextTextValue());
            require(shards.put(tensor, shard) == null, tensor + " is there twice");
            require(shards.size() <= MOST_TENSORS, "more than " + MOST_TENSORS + " tensors");
        }
    }

    private String requirePlain(String tensor, @Nullable String shard) {
        if (shard == null || !PLAIN_NAME.matcher(shard).matches() || !shard.endsWith(ending)) {
            throw file.damaged(tensor + " is said to lie in " + shard + ", which is no plain " + ending + " name");
        }
        return shard;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw file.damaged(otherwise);
        }
    }
}
