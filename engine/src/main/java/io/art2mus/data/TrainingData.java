package io.art2mus.data;

import io.art2mus.backend.Backend;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Shape;
import io.art2mus.pipeline.Checkpoint;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that training reads: pairs to learn from and pairs to validate with, each as an embedding and latents in memory that this
 * owns. Files that cannot be used are left out. Any thread may read; nothing may be read once this is closed.
 *
 * @see <a href="https://arxiv.org/abs/2410.04906">Rinaldi et al. 2024, Art2Mus, section 4</a>
 */
public final class TrainingData implements AutoCloseable {
    private final HandleScope scope;
    private final ItemSet training;
    private final ItemSet validation;
    private final int testPairs;
    private final List<Skipped> skipped;
    private final int skippedPairs;
    private final String digest;

    private TrainingData(
            HandleScope scope,
            ItemSet training,
            ItemSet validation,
            int testPairs,
            List<Skipped> skipped,
            ItemCollector collector) {
        this.scope = scope;
        this.training = training;
        this.validation = validation;
        this.testPairs = testPairs;
        this.skipped = List.copyOf(skipped);
        this.skippedPairs = collector.skippedPairs();
        this.digest = collector.digest();
    }

    /**
     * Reads and splits the table, embeds pictures and encodes music. ImageBind and the autoencoder are open only as long as this takes, one
     * after the other, and not at all where files and cache have everything.
     *
     * @param backend that the autoencoder computes on; other backends make other latents
     * @param threads for ImageBind
     * @param seed of the split
     * @param cache keeps embeddings and latents; null keeps none, and holds all latents in memory
     * @throws DataException where the table cannot be used, or none of the pairs to learn from can
     * @throws io.art2mus.weights.WeightsException where the checkpoint or a file of embeddings cannot be used
     */
    public static TrainingData prepare(
            DataSource source,
            Checkpoint checkpoint,
            Backend backend,
            int threads,
            long seed,
            @Nullable UserCache cache,
            DataListener listener) {
        PairTable table = PairTable.read(source.pairs());
        warn(table, listener);
        Split split = Split.of(table.pairs(), seed);
        List<Pair> needed = Stream.concat(split.training().stream(), split.validation().stream())
                .toList();
        try (HandleScope opening = new HandleScope()) {
            Arena arena = opening.own(Arena.ofShared());
            PictureEmbeddings pictures = new PictureEmbeddings(source, listener, arena);
            pictures.add(distinct(needed, Pair::picture), checkpoint, threads, cache);
            try (MusicLatents music = new MusicLatents(source, checkpoint, backend, cache, listener, arena)) {
                music.add(distinct(needed, Pair::music));
                ItemCollector collector = new ItemCollector(pictures, music);
                ItemSet training = collector.collect(split.training());
                ItemSet validation = collector.collect(split.validation());
                List<Skipped> skipped = Stream.concat(
                                pictures.skipped().values().stream(), music.skipped().values().stream())
                        .toList();
                if (training.size() == 0) {
                    throw new DataException(
                            source.pairs(),
                            "none of the " + split.training().size() + " pairs to learn from can be used, first: "
                                    + skipped.getFirst().reason(),
                            "check --images and --audio");
                }
                return new TrainingData(
                        opening.release(), training, validation, split.test().size(), skipped, collector);
            }
        }
    }

    private static void warn(PairTable table, DataListener listener) {
        if (table.duplicates() > 0) {
            listener.warn(table.file() + ": rows left out because they repeat an earlier pair: " + table.duplicates());
        }
        Split.byStyle(table.pairs()).forEach((style, pairs) -> {
            if (pairs.size() == 1 && table.pairs().size() > 1) {
                listener.warn(table.file() + ": "
                        + (style.isEmpty() ? "only one pair has no style" : "style " + style + " has one pair")
                        + ", which is learned from and not tested with");
            }
        });
    }

    private static List<String> distinct(List<Pair> pairs, Function<Pair, String> name) {
        return pairs.stream().map(name).distinct().toList();
    }

    /** Pairs to learn from, at least one. */
    public ItemSet training() {
        return training;
    }

    /** Pairs to validate with, at most 100; a small table has none. */
    public ItemSet validation() {
        return validation;
    }

    /** Pairs of the table that are not learned from, those of {@link #validation()} among them. */
    public int testPairs() {
        return testPairs;
    }

    /** Files that cannot be used. */
    public List<Skipped> skipped() {
        return skipped;
    }

    /** Pairs that were left out for them. */
    public int skippedPairs() {
        return skippedPairs;
    }

    /** Values of an embedding. */
    public long embeddingWidth() {
        return training.get(0).embedding().shape().last();
    }

    /** Shape of an item's latents, {@code [1, H, W, C]}. */
    public Shape latentShape() {
        Shape moments = training.get(0).moments().shape();
        return moments.withLast(moments.last() / 2);
    }

    /** SHA-256, in hexadecimal, that tells these items in this order from all others: what a training that goes on must find again. */
    public String digest() {
        return digest;
    }

    /** Releases the items' memory. */
    @Override
    public void close() {
        scope.close();
    }
}
