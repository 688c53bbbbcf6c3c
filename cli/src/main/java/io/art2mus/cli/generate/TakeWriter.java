package io.art2mus.cli.generate;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.audio.SoundFiles;
import io.art2mus.audio.SoundLevel;
import io.art2mus.audio.SpectrogramPicture;
import io.art2mus.cli.ErrorLine;
import io.art2mus.ffi.sndfile.SoundTag;
import io.art2mus.pipeline.Take;
import io.art2mus.pipeline.TakeListener;
import io.art2mus.pipeline.Wish;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceException;
import io.art2mus.provenance.ProvenanceFile;
import io.art2mus.provenance.ProvenanceTag;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes what was generated as soon as it is there: sounds, their provenance, and a line for the user. */
final class TakeWriter implements TakeListener {
    private final Wish wish;
    private final PeakNormalisation peak;
    private final Targets targets;
    private final Recorder recorder;
    private final StageTimes times;
    private final ProgressReport report;
    private final @Nullable Path spectrogram;
    private int failures;

    TakeWriter(
            Wish wish,
            PeakNormalisation peak,
            Targets targets,
            Recorder recorder,
            StageTimes times,
            ProgressReport report,
            @Nullable Path spectrogram) {
        this.wish = wish;
        this.peak = peak;
        this.targets = targets;
        this.recorder = recorder;
        this.times = times;
        this.report = report;
        this.spectrogram = spectrogram;
    }

    /** Pictures of which nothing came. */
    int failures() {
        return failures;
    }

    @Override
    public void made(Take take) {
        Path picture = take.picture();
        try {
            write(take);
        } catch (SoundException | ProvenanceException unwritten) {
            if (picture == null) {
                throw unwritten;
            }
            failed(picture, unwritten);
        }
        times.endPicture();
    }

    @Override
    public void failed(Path picture, RuntimeException failure) {
        failures++;
        String what = ErrorLine.describe(failure);
        report.error(what.contains(picture.toString()) ? what : picture + ": " + what);
        times.endPicture();
    }

    private void write(Take take) {
        int best = take.ranking().getFirst();
        List<Path> kept = targets.kept(take.picture());
        if (!take.scores().isEmpty()) {
            report.line("similarity to the picture of candidates 1 to %d: %s"
                    .formatted(
                            take.sounds().size(),
                            take.scores().stream().map(TakeWriter::score).collect(Collectors.joining(", "))));
        }
        try (Arena arena = Arena.ofConfined()) {
            List<Sound> levelled = new ArrayList<>();
            for (int i = 0; i < kept.size(); i++) {
                levelled.add(peak.apply(take.sounds().get(kept.size() == 1 ? best : i), arena));
            }
            for (int i = 0; i < kept.size(); i++) {
                int candidate = kept.size() == 1 ? best : i;
                write(take, candidate, levelled.get(i), kept.get(i));
                if (candidate == best && spectrogram != null) {
                    SpectrogramPicture.write(
                            spectrogram,
                            levelled.get(i),
                            String.valueOf(kept.get(i).getFileName()));
                }
            }
        }
    }

    private void write(Take take, int candidate, Sound sound, Path target) {
        Path folder = target.toAbsolutePath().getParent();
        Path picture = take.picture();
        Provenance provenance = recorder.record(
                target,
                sound,
                targets.format(),
                picture == null || folder == null ? null : recorder.picture(picture, folder),
                Recorder.settings(wish, candidate + 1, peak.toString()),
                take.scores(),
                times.secondsOfPicture());
        String essentials = ProvenanceTag.of(provenance).text();
        SoundFiles.write(target, sound, targets.format(), Map.of(SoundTag.COMMENT, essentials));
        writeBeside(target, provenance);
        report.line("%s: %s%s, seed %d".formatted(target, SoundLevel.of(sound), rank(take, candidate), wish.seed()));
    }

    /** A sound without its provenance is not left behind. */
    private static void writeBeside(Path target, Provenance provenance) {
        try {
            ProvenanceFile.write(ProvenanceFile.beside(target), provenance);
        } catch (ProvenanceException failure) {
            try {
                Files.deleteIfExists(target);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static String rank(Take take, int candidate) {
        return take.sounds().size() == 1
                ? ""
                : take.scores().isEmpty()
                        ? ", candidate " + (candidate + 1)
                        : ", candidate %d, similarity %s"
                                .formatted(candidate + 1, score(take.scores().get(candidate)));
    }

    private static String score(double score) {
        return String.format(Locale.ROOT, "%.4f", score);
    }
}
