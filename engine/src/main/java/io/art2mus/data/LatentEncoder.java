package io.art2mus.data;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.AutoencoderKl;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Part;
import io.art2mus.provenance.FileDigests;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.OldAttentionNames;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The encoder of a checkpoint's autoencoder. Its weights are opened for the first spectrogram there is to encode. */
final class LatentEncoder implements AutoCloseable {
    private static final String PART = "vae";

    private final HandleScope scope = new HandleScope();
    private final Backend backend;
    private final Checkpoint checkpoint;
    private final AutoencoderKlConfig config;
    private final String identity;
    private final @Nullable UserCache cache;
    private @Nullable Part weights;
    private @Nullable Plan plan;

    /** Reads the configuration and, for the {@link #identity}, every byte of the weights that no cache remembers. */
    LatentEncoder(Backend backend, Checkpoint checkpoint, @Nullable UserCache cache) {
        this.backend = backend;
        this.checkpoint = checkpoint;
        this.cache = cache;
        ModelConfig file = checkpoint.config(PART);
        config = AutoencoderKlConfig.read(file);
        if (MusicClip.MEL.extent(2) % config.factor() != 0) {
            throw file.refused(
                    "an autoencoder of factor " + config.factor() + " does not divide a spectrogram " + MusicClip.MEL);
        }
        FileDigests digests = cache == null ? FileDigests.withoutCache() : FileDigests.remembering(cache);
        List<Path> files = new ArrayList<>(WeightFile.filesOfPart(checkpoint.part(PART)));
        files.add(checkpoint.part(PART).resolve("config.json"));
        identity = digests.ofAll(files).values().stream()
                .map(digest -> digest.sha256())
                .collect(Collectors.joining(" "));
    }

    /** What tells the computation from all others: the weights, and what computes. */
    String identity() {
        return identity + " " + backend.name();
    }

    /** What latents are multiplied by for the diffusion. */
    double scalingFactor() {
        return config.scalingFactor();
    }

    /** Shape of the moments of a clip, {@code [1, H, W, 2C]}. */
    Shape moments() {
        return Shape.of(
                1,
                MusicClip.MEL.extent(1) / config.factor(),
                MusicClip.MEL.extent(2) / config.factor(),
                2L * config.latentChannels());
    }

    /**
     * Encodes a spectrogram.
     *
     * @param mel {@code [1, 1024, 64, 1]}
     * @param music it is of, named in errors
     * @param arena owner of the result
     * @return means and logarithms of variances, {@code [1, H, W, 2C]}
     * @throws DataException where a value is no number
     */
    HostTensor encode(HostTensor mel, Path music, Arena arena) {
        Plan encoder = plan();
        Part part = weights;
        if (part != null) {
            part.requireUnchanged();
        }
        encoder.input("mel").upload(mel);
        encoder.run();
        HostTensor moments = HostTensor.allocate(arena, moments());
        encoder.output("moments").download(moments);
        for (long i = 0; i < moments.shape().elements(); i++) {
            if (!Float.isFinite(moments.get(i))) {
                throw new DataException(
                        music,
                        "the autoencoder makes " + moments.get(i) + " of it on " + backend.name(),
                        "give --precision f32, or check vae");
            }
        }
        return moments;
    }

    private Plan plan() {
        Plan compiled = plan;
        if (compiled == null) {
            Part part = scope.own(Part.open(checkpoint, PART, cache));
            OldAttentionNames tree = new OldAttentionNames(part.tree());
            compiled = scope.own(
                    backend.compile(AutoencoderKl.encoder(config, tree, MusicClip.MEL), Map.of(), tree.identity()));
            weights = part;
            plan = compiled;
        }
        return compiled;
    }

    @Override
    public void close() {
        scope.close();
    }
}
