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
 * Weights cut into several files, {@code .safetensors} or PyTorch's {@code .bin}, with a {@code *.safetensors.index.json}
 * or {@code *.bin.index.json} that says which shard holds which tensor.
 */
public final class ShardedWeights implements WeightFile {
    /** Each shard is an open mapping. */
    private static final int MOST_SHARDS = 1_000;

    private final Path index;
    private final Map<String, WeightFile> shardOf;
    private final Map<String, WeightFile> shards;

    private ShardedWeights(Path index, Map<String, WeightFile> shardOf, Map<String, WeightFile> shards) {
        this.index = index;
        this.shardOf = Collections.unmodifiableMap(shardOf);
        this.shards = shards;
    }

    /** Reads an index and maps every shard it names, all of its own kind and in its own folder. */
    public static ShardedWeights open(Path index) {
        Map<String, String> shardNames = ShardIndex.read(index);
        if (new HashSet<>(shardNames.values()).size() > MOST_SHARDS) {
            throw damaged(index, "more than " + MOST_SHARDS + " shards");
        }
        Map<String, WeightFile> shards = new TreeMap<>();
        try {
            Map<String, WeightFile> shardOf = new LinkedHashMap<>();
            for (Map.Entry<String, String> entry : shardNames.entrySet()) {
                String tensor = entry.getKey();
                WeightFile shard =
                        shards.computeIfAbsent(entry.getValue(), name -> WeightFile.open(index.resolveSibling(name)));
                if (!shard.names().contains(tensor)) {
                    throw damaged(index, tensor + " is not in " + entry.getValue());
                }
                shardOf.put(tensor, shard);
            }
            return new ShardedWeights(index, shardOf, shards);
        } catch (Throwable refused) {
            shards.values().forEach(WeightFile::close);
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
        WeightFile shard = shardOf.get(name);
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

    private WeightFile shard(String name) {
        WeightFile shard = shardOf.get(name);
        if (shard == null) {
            throw new WeightsException(name + " is missing", index, "is this the right checkpoint?");
        }
        return shard;
    }

    @Override
    public void requireUnchanged() {
        shards.values().forEach(WeightFile::requireUnchanged);
    }

    @Override
    public void close() {
        shards.values().forEach(WeightFile::close);
    }
}
