package io.art2mus.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Weights cut into several {@code .safetensors} files, with a {@code *.safetensors.index.json} that says which shard
 * holds which tensor.
 */
public final class ShardedSafetensors implements WeightFile {
    private static final long LONGEST_INDEX = 64 << 20;
    private static final int MOST_TENSORS = 500_000;
    private static final int MOST_SHARDS = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(2_000)
                    .maxStringLength(10_000)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Path index;
    private final Map<String, SafetensorsFile> shardOf;
    private final Map<String, SafetensorsFile> shards;

    private ShardedSafetensors(Path index, Map<String, SafetensorsFile> shardOf, Map<String, SafetensorsFile> shards) {
        this.index = index;
        this.shardOf = Collections.unmodifiableMap(shardOf);
        this.shards = shards;
    }

    /** Reads an index and maps every shard it names, all in the index's own folder. */
    public static ShardedSafetensors open(Path index) {
        Map<String, String> shardNames = readIndex(index);
        Map<String, SafetensorsFile> shards = new TreeMap<>();
        try {
            Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();
            for (Map.Entry<String, String> entry : shardNames.entrySet()) {
                String tensor = entry.getKey();
                SafetensorsFile shard = shards.computeIfAbsent(
                        entry.getValue(), name -> SafetensorsFile.open(index.resolveSibling(name)));
                if (!shard.names().contains(tensor)) {
                    throw damaged(index, tensor + " is not in " + entry.getValue());
                }
                shardOf.put(tensor, shard);
            }
            return new ShardedSafetensors(index, shardOf, shards);
        } catch (RuntimeException refused) {
            shards.values().forEach(SafetensorsFile::close);
            throw refused;
        }
    }

    private static Map<String, String> readIndex(Path index) {
        try {
            if (Files.size(index) > LONGEST_INDEX) {
                throw damaged(index, "the index is longer than " + LONGEST_INDEX + " bytes");
            }
            try (BufferedReader text = Files.newBufferedReader(index);
                    JsonParser json = JSON.createParser(text)) {
                return parse(index, json);
            }
        } catch (NoSuchFileException missing) {
            throw new WeightsException("no such file", index, "check the checkpoint's folder", missing);
        } catch (JsonProcessingException malformed) {
            throw damaged(index, "no valid JSON: " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw new WeightsException("cannot be read as UTF-8 text", index, "fetch it again", unreadable);
        }
    }

    private static Map<String, String> parse(Path index, JsonParser json) throws IOException {
        Map<String, String> shardNames = new LinkedHashMap<>();
        Set<String> shards = new HashSet<>();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw damaged(index, "no JSON object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            if (!json.currentName().equals("weight_map")) {
                json.nextToken();
                json.skipChildren();
                continue;
            }
            if (json.nextToken() != JsonToken.START_OBJECT || !shardNames.isEmpty()) {
                throw damaged(index, "weight_map is no JSON object or is there twice");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String tensor = json.currentName();
                String shard = json.nextTextValue();
                requirePlainName(index, tensor, shard);
                shards.add(shard);
                if (shardNames.put(tensor, shard) != null) {
                    throw damaged(index, tensor + " is there twice");
                }
                if (shardNames.size() > MOST_TENSORS || shards.size() > MOST_SHARDS) {
                    throw damaged(index, "more than " + MOST_TENSORS + " tensors or " + MOST_SHARDS + " shards");
                }
            }
        }
        if (shardNames.isEmpty()) {
            throw damaged(index, "weight_map names no tensor");
        }
        return shardNames;
    }

    /** A shard lies beside its index: a name that leads elsewhere would read any file of the machine. */
    private static void requirePlainName(Path index, String tensor, @Nullable String shard) {
        if (shard == null || !shard.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors")) {
            throw damaged(index, tensor + " is said to be in '" + shard + "', which is no plain .safetensors name");
        }
    }

    private static WeightsException damaged(Path index, String what) {
        return new WeightsException(what, index, "the index is damaged, fetch it again");
    }

    @Override
    public Set<String> names() {
        return shardOf.keySet();
    }

    @Override
    public Path fileOf(String name) {
        SafetensorsFile shard = shardOf.get(name);
        return shard == null ? index : shard.fileOf(name);
    }

    @Override
    public Shape shapeOf(String name) {
        return shard(name).shapeOf(name);
    }

    @Override
    public Parameter parameter(String name) {
        return shard(name).parameter(name);
    }

    private SafetensorsFile shard(String name) {
        SafetensorsFile shard = shardOf.get(name);
        if (shard == null) {
            throw new WeightsException(name + " is missing", index, "is this the right checkpoint?");
        }
        return shard;
    }

    @Override
    public void requireUnchanged() {
        shards.values().forEach(SafetensorsFile::requireUnchanged);
    }

    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }
}
