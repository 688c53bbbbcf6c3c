package io.art2mus.cli.train;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.audio.SoundFiles;
import io.art2mus.audio.SpectrogramPicture;
import io.art2mus.backend.Backend;
import io.art2mus.backend.PlanMemory;
import io.art2mus.cli.ErrorLine;
import io.art2mus.cli.MemoryTable;
import io.art2mus.ffi.UserCache;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.Progress;
import io.art2mus.pipeline.Take;
import io.art2mus.pipeline.TakeListener;
import io.art2mus.pipeline.Wish;
import io.art2mus.train.TrainingCheckpoints;
import io.art2mus.train.TrainingListener;
import io.art2mus.train.TrainingMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Makes sounds of some validation pictures with the weights as they are, {@code validation/step-N/*.wav}, and a spectrogram of each. */
final class ValidationSounds implements TrainingListener {
    private static final PeakNormalisation PEAK = PeakNormalisation.to(-1);

    private final Generator generator;
    private final List<Path> pictures;
    private final Path folder;
    private final TrainingMetrics metrics;
    private final TrainReport report;
    private final StopRequest stop;

    /**
     * What makes the sounds.
     *
     * @param memory is told what their plans hold
     */
    record Generator(
            Backend backend,
            Checkpoint checkpoint,
            Wish wish,
            int threads,
            @Nullable UserCache cache,
            MemoryTable memory) {
        void generate(Path projection, List<Path> pictures, Progress progress, TakeListener listener) {
            Checkpoint current = new Checkpoint(checkpoint.folder(), projection, checkpoint.otherImageBind());
            new ImageToMusic(backend, current, threads, cache, progress).generate(wish, pictures, listener);
        }
    }

    /**
     * Sounds of these pictures.
     *
     * @param folder of the training
     */
    ValidationSounds(
            Generator generator,
            List<Path> pictures,
            Path folder,
            TrainingMetrics metrics,
            TrainReport report,
            StopRequest stop) {
        this.generator = generator;
        this.pictures = pictures;
        this.folder = folder;
        this.metrics = metrics;
        this.report = report;
        this.stop = stop;
    }

    @Override
    public void validate(long updates, Path checkpoint) {
        if (pictures.isEmpty()) {
            return;
        }
        Path place = folder.resolve("validation").resolve("step-" + updates);
        try {
            Files.createDirectories(place);
            generator.generate(
                    TrainingCheckpoints.weights(checkpoint), pictures, new Interruptible(), new Writer(updates, place));
            report.line("%s: %d sounds and their spectrograms".formatted(place, pictures.size()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (IllegalStateException failure) {
            // The training is saved already; while the process ends nothing can be written beside its place.
            if (!stop.isMade()) {
                throw failure;
            }
        }
    }

    /** Ends the denoising when the process is told to end. */
    private final class Interruptible implements Progress {
        @Override
        public void compiled(String part, PlanMemory memory) {
            generator.memory().compiled(part, memory);
        }

        @Override
        public void denoised(int done, int calls) {
            if (stop.isMade()) {
                throw new CancellationException("the process is ending");
            }
        }
    }

    private final class Writer implements TakeListener {
        private final long updates;
        private final Path place;

        Writer(long updates, Path place) {
            this.updates = updates;
            this.place = place;
        }

        @Override
        public void made(Take take) {
            Path picture = take.picture();
            int index = picture == null ? 0 : pictures.indexOf(picture);
            String name = "%02d-%s"
                    .formatted(
                            index,
                            String.valueOf(picture == null ? null : picture.getFileName())
                                    .replaceFirst("\\.[^.]*$", ""));
            Path png = place.resolve(name + ".png");
            try (Arena arena = Arena.ofConfined()) {
                Sound sound = PEAK.apply(take.sounds().getFirst(), arena);
                SoundFiles.writeWav(place.resolve(name + ".wav"), sound);
                SpectrogramPicture.write(png, sound, name + " after " + updates + " updates");
                metrics.picture(updates, "validation/" + name, Files.readAllBytes(png));
            } catch (SoundException unwritten) {
                report.warn(ErrorLine.describe(unwritten));
            } catch (IOException unread) {
                throw new UncheckedIOException(unread);
            }
        }

        @Override
        public void failed(Path picture, RuntimeException failure) {
            report.warn(picture + ": " + ErrorLine.describe(failure));
        }
    }
}
