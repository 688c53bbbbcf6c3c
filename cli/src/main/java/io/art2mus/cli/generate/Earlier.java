package io.art2mus.cli.generate;

import io.art2mus.audio.Sound;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import io.art2mus.pipeline.WishException;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.Provenance.StoredFile;
import io.art2mus.provenance.ProvenanceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sound that was made before, as its record tells. The record may come from anywhere: it leads to no file outside its own folder that
 * the user did not name.
 *
 * @param file the record's own
 */
record Earlier(Path file, Provenance provenance) {
    /** What was wished for; a {@link ProvenanceException} where that cannot be. */
    Wish wish() {
        Provenance.Settings settings = provenance.settings();
        try {
            return new Wish(
                    settings.prompt(),
                    settings.negativePrompt(),
                    Variant.named(settings.variant()),
                    settings.seconds(),
                    settings.seed(),
                    SamplerKind.named(settings.sampler()),
                    settings.steps(),
                    settings.guidance(),
                    settings.candidates());
        } catch (WishException impossible) {
            throw new ProvenanceException(
                    file,
                    "no provenance: " + impossible.getMessage(),
                    "give the JSON that art2mus wrote beside a sound");
        }
    }

    /** How it was encoded. */
    static SoundFormat format(Provenance.SoundRecord sound) {
        return switch (sound.format()) {
            case "ogg" -> SoundFormat.OGG_VORBIS;
            case "mp3" -> SoundFormat.MP3;
            case "flac" -> "24".equals(sound.bitDepth()) ? SoundFormat.FLAC_PCM24 : SoundFormat.FLAC_PCM16;
            default ->
                switch (Objects.requireNonNullElse(sound.bitDepth(), "16")) {
                    case "24" -> SoundFormat.WAV_PCM24;
                    case "float" -> SoundFormat.WAV_FLOAT;
                    default -> SoundFormat.WAV_PCM16;
                };
        };
    }

    /** The sound, beside the record. */
    Path soundFile() {
        return file.resolveSibling(provenance.sound().name());
    }

    /** A {@link ProvenanceException} that names the first file which is not what it was. */
    void requireSameWeights(Provenance.Checkpoint now) {
        Provenance.Checkpoint then = provenance.checkpoint();
        for (StoredFile stored : then.files()) {
            if (!now.files().contains(stored)) {
                throw otherWeights(stored.path());
            }
        }
        requireSame(then.projection(), now.projection(), "--projection");
        requireSame(then.imagebind(), now.imagebind(), "--imagebind");
    }

    private void requireSame(@Nullable StoredFile then, @Nullable StoredFile now, String option) {
        if (then == null ? now != null : now == null || !then.sha256().equals(now.sha256())) {
            throw new ProvenanceException(
                    file, "made with " + (then == null ? "no " + option : option + " " + then.path()), "give the same");
        }
    }

    private ProvenanceException otherWeights(String path) {
        return new ProvenanceException(
                file,
                "made with another " + path + " of the checkpoint "
                        + provenance.checkpoint().folder(),
                "give that checkpoint by --checkpoint");
    }

    /** The picture it was made of, of the same content as then; none for text alone. */
    List<Path> pictures(@Nullable Path named, Recorder recorder) {
        Provenance.Picture picture = provenance.picture();
        if (picture == null) {
            return List.of();
        }
        Path found = named == null ? ownPicture(picture) : named;
        if (!recorder.sha256(found).equals(picture.sha256())) {
            throw new ProvenanceException(
                    file, "made of another picture than " + found, "give the picture by --picture");
        }
        return List.of(found);
    }

    private Path ownPicture(Provenance.Picture picture) {
        String path = picture.path();
        if (path == null) {
            throw new ProvenanceException(
                    file, "made of " + picture.name() + ", which is not below its folder", "name it by --picture");
        }
        try {
            Path folder = file.toAbsolutePath().resolveSibling("").toRealPath();
            Path found = folder.resolve(path);
            if (!Files.exists(found)) {
                throw new ProvenanceException(file, "made of " + path + ", which is gone", "name it by --picture");
            }
            if (!found.toRealPath().startsWith(folder)) {
                throw new ProvenanceException(
                        file, "naming " + path + ", which leads out of its folder", "name the picture by --picture");
            }
            return found;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** ‖now − then‖ / ‖then‖; infinite where they are not of the same length. */
    static double relativeError(Sound now, Sound then) {
        if (now.length() != then.length()) {
            return Double.POSITIVE_INFINITY;
        }
        double error = 0;
        double norm = 0;
        for (long i = 0; i < then.length(); i++) {
            double difference = (double) now.get(i) - then.get(i);
            error += difference * difference;
            norm += (double) then.get(i) * then.get(i);
        }
        return Math.sqrt(error / norm);
    }
}
