package io.art2mus.cli.generate;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.SoundException;
import io.art2mus.pipeline.Wish;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    static boolean isDone(List<Path> targets, Path picture, Wish wish, PeakNormalisation peak, Recorder recorder) {
        int done = 0;
        for (Path target : targets) {
            done += isDone(target, picture, Recorder.settings(wish, 1, peak.toString()), recorder) ? 1 : 0;
        }
        return done == targets.size();
    }

    private static boolean isDone(Path target, Path picture, Provenance.Settings settings, Recorder recorder) {
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
        if (!asFirstCandidate(earlier.settings()).equals(settings)) {
            throw unlike(target, "was made by other settings");
        }
        if (!earlier.checkpoint().equals(recorder.checkpoint())) {
            throw unlike(target, "was made by other weights");
        }
        return true;
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
