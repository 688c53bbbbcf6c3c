package io.art2mus.data;

import io.art2mus.data.DataListener.Stage;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.picture.PictureException;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.PictureEncoder;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Embeddings of pictures by their names: those that files have, then, by ImageBind, the others. All are of one width. */
final class PictureEmbeddings {
    private final DataSource source;
    private final DataListener listener;
    private final Arena arena;
    private final Map<String, HostTensor> vectors = new LinkedHashMap<>();
    private final Map<String, Skipped> skipped = new LinkedHashMap<>();
    private OptionalLong width = OptionalLong.empty();

    /** None yet; {@code arena} owns them. */
    PictureEmbeddings(DataSource source, DataListener listener, Arena arena) {
        this.source = source;
        this.listener = listener;
        this.arena = arena;
    }

    /** Pictures' vectors, {@code [1, width]}. */
    Map<String, HostTensor> vectors() {
        return vectors;
    }

    /** What is wrong with the pictures that have none. */
    Map<String, Skipped> skipped() {
        return skipped;
    }

    /**
     * Embeds pictures.
     *
     * @throws DataException where two files, or a file and ImageBind, differ in width
     */
    void add(Collection<String> pictures, Checkpoint checkpoint, int threads, @Nullable UserCache cache) {
        Set<String> missing = new LinkedHashSet<>();
        try (EmbeddingFiles files = EmbeddingFiles.open(source.embeddings())) {
            for (String picture : pictures) {
                files.find(picture, arena)
                        .ifPresentOrElse(
                                found -> take(picture, found.file(), found.vector()), () -> missing.add(picture));
            }
        }
        listener.prepared(Stage.PICTURES, pictures.size() - missing.size(), pictures.size());
        if (!missing.isEmpty()) {
            compute(missing, pictures.size(), checkpoint, threads, cache);
        }
    }

    private void compute(Set<String> missing, int all, Checkpoint checkpoint, int threads, @Nullable UserCache cache) {
        int done = all - missing.size();
        try (EncoderRuntime runtime = EncoderRuntime.open(threads);
                PictureEncoder encoder = new PictureEncoder(runtime, checkpoint, cache)) {
            for (String picture : missing) {
                Path file = source.picture(picture);
                try {
                    take(picture, file, encoder.embed(file, arena));
                } catch (PictureException unusable) {
                    skip(picture, file, unusable);
                }
                done++;
                listener.prepared(Stage.PICTURES, done, all);
            }
        }
    }

    private void take(String picture, Path origin, HostTensor vector) {
        long found = vector.shape().last();
        long expected = width.orElse(found);
        if (found != expected) {
            throw new DataException(
                    origin,
                    "the embedding of " + picture + " has " + found + " values, others have " + expected,
                    "give embeddings of the checkpoint's own ImageBind");
        }
        width = OptionalLong.of(found);
        for (long i = 0; i < found; i++) {
            if (!Float.isFinite(vector.get(i))) {
                String fault = "the embedding of " + picture + " holds " + vector.get(i);
                skip(picture, origin, new DataException(origin, fault, "compute it again"));
                return;
            }
        }
        vectors.put(picture, vector);
    }

    private void skip(String picture, Path file, RuntimeException why) {
        Skipped one = new Skipped(file, String.valueOf(why.getMessage()));
        skipped.put(picture, one);
        listener.skipped(one);
    }
}
