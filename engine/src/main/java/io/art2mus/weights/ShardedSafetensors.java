package io.art2mus.weights;

import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Weights cut into several {@code .safetensors} files, with a {@code *.safetensors.index.json} that says which shard
 * holds which tensor.
 */
public final class ShardedSafetensors implements WeightFile {
    /** Each shard is an open mapping. */
    private static final int MOST_SHARDS = 1_000;

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
        Map<String, String> shardNames = ShardIndex.read(index);
        if (new HashSet<>(shardNames.values()).size() > MOST_SHARDS) {
            throw damaged(index, "more than " + MOST_SHARDS + " shards");
        }
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
        } catch (Throwable refused) {
            shards.values().forEach(SafetensorsFile::close);
            throw refused;
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
