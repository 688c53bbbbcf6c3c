package io.art2mus.cli.generate;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.SoundException;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.pipeline.Wish;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** What an earlier run left, which {@code --resume} goes on from. */
final class Resumption {
    private Resumption() {}

    /** The seed of the first sound that is there, so that a batch begun without one is ended with the same. */
    static OptionalLong seed(List<Path> targets) {
        return targets.stream()
                .map(ProvenanceFile::beside)
                .filter(Files::exists)
                .findFirst()
                .map(file ->
                        OptionalLong.of(ProvenanceFile.read(file).settings().seed()))
                .orElse(OptionalLong.empty());
    }

    /**
     * Whether all sounds of a picture are there and were made of it by these weights and settings; a {@link SoundException} where one is
     * there and was made otherwise.
     */
    static boolean isDone(Targets targets, Path picture, Wish wish, PeakNormalisation peak, Recorder recorder) {
        int done = 0;
        List<Path> kept = targets.kept(picture);
        for (Path target : kept) {
            done += isDone(target, targets.format(), picture, Recorder.settings(wish, 1, peak.toString()), recorder)
                    ? 1
                    : 0;
        }
        return done == kept.size();
    }

    private static boolean isDone(
            Path target, SoundFormat format, Path picture, Provenance.Settings settings, Recorder recorder) {
        Path record = ProvenanceFile.beside(target);
        if (!Files.exists(target) && !Files.exists(record)) {
            return false;
        }
        if (!Files.exists(target) || !Files.exists(record)) {
            throw unlike(target, "is there without " + (Files.exists(target) ? "its provenance" : "the sound"));
        }
        Provenance earlier = ProvenanceFile.read(record);
        Provenance.Picture seen = earlier.picture();
        if (seen == null || !seen.sha256().equals(recorder.sha256(picture))) {
            throw unlike(target, "was made of another picture");
        }
        if (!asFirstCandidate(earlier.settings()).equals(settings)
                || !earlier.device().precision().equals(recorder.precision())
                || Earlier.format(earlier.sound()) != format) {
            throw unlike(target, "was made by other settings");
        }
        if (!isSame(earlier.checkpoint(), recorder.checkpoint())) {
            throw unlike(target, "was made by other weights");
        }
        return true;
    }

    /** A checkpoint is what its files are, not what its folder is called. */
    private static boolean isSame(Provenance.Checkpoint one, Provenance.Checkpoint other) {
        return one.files().equals(other.files())
                && Objects.equals(one.projection(), other.projection())
                && Objects.equals(one.imagebind(), other.imagebind());
    }

    private static SoundException unlike(Path target, String how) {
        return new SoundException(target + " " + how, "give --overwrite, another -o, or what it was made by");
    }

    private static Provenance.Settings asFirstCandidate(Provenance.Settings settings) {
        return new Provenance.Settings(
                settings.prompt(),
                settings.negativePrompt(),
                settings.variant(),
                settings.seconds(),
                settings.seed(),
                settings.sampler(),
                settings.steps(),
                settings.guidance(),
                settings.candidates(),
                1,
                settings.peak());
    }
}
