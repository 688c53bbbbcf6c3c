package io.art2mus.provenance;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundLevel;
import io.art2mus.ffi.sndfile.SoundFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to make a sound again, and what came out. An {@link IllegalArgumentException} where a value is none that a run
 * can have, so that nothing false is written and nothing false is read.
 *
 * @param format of this record, {@link #FORMAT}
 * @param program what computed
 * @param device what it was computed on
 * @param picture the artwork; null for text alone
 * @param settings what was asked for
 * @param checkpoint the weights that were used
 * @param sound what was written
 * @param scores similarity of each candidate to the picture, in the order of candidates; null where they were not ranked
 * @param timings seconds that each stage took, in the order in which they ran
 * @param made when the sound was complete
 */
public record Provenance(
        int format,
        Program program,
        Device device,
        @Nullable Picture picture,
        Settings settings,
        Checkpoint checkpoint,
        SoundRecord sound,
        @Nullable List<Double> scores,
        Map<String, Double> timings,
        Instant made) {
    /** The one layout of the record that there has been so far. */
    public static final int FORMAT = 1;

    private static final long SEEDS = 1L << 32;

    public Provenance {
        Require.that(format == FORMAT, "format", format, FORMAT + ", the only one that this version reads");
        Require.present(program, "program");
        Require.present(device, "device");
        Require.present(settings, "settings");
        Require.present(checkpoint, "checkpoint");
        Require.present(sound, "sound");
        Require.present(made, "made");
        Require.that(
                (picture != null) != settings.variant.equals("audioldm2"),
                "settings.variant",
                settings.variant,
                "audioldm2 if and only if there is no picture");
        Require.that(picture != null || settings.prompt != null, "prompt", "absent", "one where there is no picture");
        if (scores != null) {
            scores.forEach(score -> Require.present(score, "scores"));
            scores = List.copyOf(scores);
            scores.forEach(score -> Require.finite(score, "scores"));
            Require.that(scores.size() == settings.candidates, "scores", scores.size(), "one a candidate");
        }
        timings = Require.ordered(timings, "timings");
        timings.forEach((stage, seconds) -> Require.atLeast(seconds, 0, "timings." + stage));
    }

    /**
     * What computed.
     *
     * @param version of art2mus
     * @param java version of the virtual machine
     * @param libraries version of each native library that took part, by its name
     */
    public record Program(String version, String java, Map<String, String> libraries) {
        public Program {
            Require.present(version, "version");
            Require.present(java, "java");
            libraries = Require.ordered(libraries, "libraries");
        }
    }

    /**
     * What it was computed on.
     *
     * @param name processor or GPU, and the instructions that were used of it
     * @param precision how activations and weights were stored: f32, bf16 or f16
     * @param threads of the CPU
     */
    public record Device(String name, String precision, int threads) {
        public Device {
            Require.present(name, "name");
            Require.oneOf(precision, "precision", "f32", "bf16", "f16");
            Require.that(threads >= 1 && threads <= 1024, "threads", threads, "1 to 1024");
        }
    }

    /**
     * The artwork.
     *
     * @param name of its file
     * @param path from the folder of the record to the file, with forward slashes; null where it does not lie below that folder
     * @param sha256 of the file, in hexadecimal
     * @param bytes of the file
     */
    public record Picture(String name, @Nullable String path, String sha256, long bytes) {
        public Picture {
            Require.fileName(name, "name");
            if (path != null) {
                Require.relativePath(path, "path");
            }
            Require.sha256(sha256, "sha256");
            Require.atLeast(bytes, 1, "bytes");
        }

        /** The picture in {@code file}, as a record in {@code folder} names it. */
        public static Picture of(Path file, FileDigest digest, Path folder) {
            return new Picture(fileName(file), below(folder, file), digest.sha256(), digest.bytes());
        }

        /** Links are followed, so that a path which leaves the folder through one is none. */
        private static @Nullable String below(Path folder, Path file) {
            try {
                Path base = folder.toRealPath();
                Path real = file.toRealPath();
                return real.startsWith(base) ? base.relativize(real).toString() : null;
            } catch (IOException _) {
                // The path is a convenience: without it the picture is found by its digest, wherever the user says it
                // is.
                return null;
            }
        }
    }

    /**
     * What was asked for. Names are those of the command line.
     *
     * @param prompt null for a picture alone
     * @param negativePrompt what the sound should not be
     * @param variant how the picture enters: art2mus, art2mus-4, or audioldm2 where there is none
     * @param seconds length that was asked for
     * @param seed of the starting noise, 0 to 2³² − 1
     * @param sampler what removed the noise
     * @param steps how many it took
     * @param guidance how far from the negative prompt it went
     * @param candidates how many were made of one draw of noise
     * @param candidate which of them this is, from 1
     * @param peak level that the peak was scaled to, such as {@code -1.0dB}, or {@code off}
     */
    public record Settings(
            @Nullable String prompt,
            String negativePrompt,
            String variant,
            double seconds,
            long seed,
            String sampler,
            int steps,
            double guidance,
            int candidates,
            int candidate,
            String peak) {
        public Settings {
            Require.present(negativePrompt, "negative_prompt");
            Require.oneOf(variant, "variant", "art2mus", "art2mus-4", "audioldm2");
            Require.that(seconds > 0 && Double.isFinite(seconds), "seconds", seconds, "a positive number");
            Require.that(seed >= 0 && seed < SEEDS, "seed", seed, "0 to " + (SEEDS - 1));
            Require.oneOf(sampler, "sampler", "ddim", "dpmpp-2m", "pndm", "euler", "lms");
            Require.that(steps >= 1 && steps <= 1000, "steps", steps, "1 to 1000");
            Require.atLeast(guidance, 0, "guidance");
            Require.atLeast(candidates, 1, "candidates");
            Require.that(candidate >= 1 && candidate <= candidates, "candidate", candidate, "1 to " + candidates);
            Require.present(peak, "peak");
            PeakNormalisation.parse(peak);
        }
    }

    /**
     * The weights that were used.
     *
     * @param folder name of the checkpoint's folder
     * @param files that were read, in order, with paths from that folder
     * @param projection the image projection that took the place of the checkpoint's own, by its file's name; null where none did
     * @param imagebind the same of ImageBind's weights
     */
    public record Checkpoint(
            String folder,
            List<StoredFile> files,
            @Nullable StoredFile projection,
            @Nullable StoredFile imagebind) {
        public Checkpoint {
            Require.fileName(folder, "folder");
            Require.present(files, "files");
            files.forEach(file -> Require.present(file, "files"));
            files = List.copyOf(files);
        }
    }

    /**
     * A file that was read.
     *
     * @param path from the checkpoint's folder, with forward slashes
     * @param sha256 of the file, in hexadecimal
     * @param bytes of the file
     */
    public record StoredFile(String path, String sha256, long bytes) {
        public StoredFile {
            Require.relativePath(path, "path");
            Require.sha256(sha256, "sha256");
            Require.atLeast(bytes, 0, "bytes");
        }

        /** A file of the checkpoint in {@code folder}. */
        public static StoredFile below(Path folder, Path file, FileDigest digest) {
            String path = folder.relativize(file).toString();
            return new StoredFile(path, digest.sha256(), digest.bytes());
        }

        /** A file that the user named by itself. */
        public static StoredFile alone(Path file, FileDigest digest) {
            return new StoredFile(fileName(file), digest.sha256(), digest.bytes());
        }
    }

    /**
     * What was written.
     *
     * @param name of the sound's file
     * @param format wav, flac, ogg or mp3
     * @param bitDepth 16, 24 or float; null where the format is lossy
     * @param sampleRate samples a second, Hz
     * @param samples how many, of one channel
     * @param seconds duration
     * @param peak largest absolute sample, full scale being 1
     * @param rms root of the mean square
     * @param sha256 {@link SampleDigest} of the samples before they were encoded, in hexadecimal
     */
    public record SoundRecord(
            String name,
            String format,
            @Nullable String bitDepth,
            int sampleRate,
            long samples,
            double seconds,
            double peak,
            double rms,
            String sha256) {
        public SoundRecord {
            Require.fileName(name, "name");
            Require.oneOf(format, "format", "wav", "flac", "ogg", "mp3");
            if (bitDepth != null) {
                Require.oneOf(bitDepth, "bit_depth", "16", "24", "float");
            }
            Require.atLeast(sampleRate, 1, "sample_rate");
            Require.atLeast(samples, 1, "samples");
            Require.atLeast(seconds, 0, "seconds");
            Require.atLeast(peak, 0, "peak");
            Require.atLeast(rms, 0, "rms");
            Require.sha256(sha256, "sha256");
        }

        /** Describes samples that are written to {@code file}, at the level at which they are written. */
        public static SoundRecord of(Path file, SoundFormat format, Sound sound) {
            SoundLevel level = SoundLevel.of(sound);
            String bitDepth = switch (format) {
                case WAV_PCM16, FLAC_PCM16 -> "16";
                case WAV_PCM24, FLAC_PCM24 -> "24";
                case WAV_FLOAT -> "float";
                case OGG_VORBIS, MP3 -> null;
            };
            return new SoundRecord(
                    fileName(file),
                    format.extension(),
                    bitDepth,
                    sound.sampleRate(),
                    sound.length(),
                    sound.seconds(),
                    level.peak(),
                    level.rms(),
                    SampleDigest.of(sound));
        }
    }

    private static String fileName(Path file) {
        return String.valueOf(file.toAbsolutePath().normalize().getFileName());
    }
}
