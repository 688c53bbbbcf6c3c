package io.art2mus.pipeline;

import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.ImageBindVision;
import io.art2mus.encoder.picture.PictureFrontEnd;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.provenance.FileDigests;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures' ImageBind embeddings. The tower is opened for the first picture that was not embedded before. */
public final class PictureEncoder implements AutoCloseable {
    private final EncoderRuntime runtime;
    private final Checkpoint checkpoint;
    private final @Nullable UserCache cache;
    private @Nullable ImageBindVision tower;

    /**
     * An encoder without open weights.
     *
     * @param cache keeps embeddings; null keeps none
     */
    public PictureEncoder(EncoderRuntime runtime, Checkpoint checkpoint, @Nullable UserCache cache) {
        this.runtime = runtime;
        this.checkpoint = checkpoint;
        this.cache = cache;
    }

    /**
     * Embeds one picture.
     *
     * @return a unit vector, {@code [1, width]}, owned by {@code arena}
     * @throws io.art2mus.encoder.picture.PictureException where the file is no picture
     */
    public HostTensor embed(Path picture, Arena arena) {
        UserCache kept = cache;
        // What cannot be read is refused where pictures are read.
        if (kept == null || !Files.isRegularFile(picture) || !Files.isReadable(picture)) {
            return compute(picture, arena);
        }
        FileDigests digests = FileDigests.remembering(kept);
        EmbeddingCache.Key key = EmbeddingCache.Key.of(
                "imagebind", digests.of(picture).sha256(), List.of(digests.of(checkpoint.imageBind())), runtime);
        return new EmbeddingCache(kept).get(key, arena, () -> compute(picture, arena));
    }

    private HostTensor compute(Path picture, Arena arena) {
        try (Arena scratch = Arena.ofConfined()) {
            HostTensor pixels = PictureFrontEnd.read(picture, scratch);
            ImageBindVision vision = tower;
            if (vision == null) {
                vision = ImageBindVision.open(runtime, checkpoint.imageBind(), () -> Part.imageBind(checkpoint, cache));
                tower = vision;
            }
            return vision.encode(arena, pixels);
        }
    }

    @Override
    public void close() {
        ImageBindVision vision = tower;
        if (vision != null) {
            tower = null;
            vision.close();
        }
    }
}
