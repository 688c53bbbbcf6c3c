package io.art2mus.audio;

import io.art2mus.ffi.sndfile.SoundFileException;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import io.art2mus.ffi.sndfile.SoundFileWriter;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.ffi.sndfile.SoundTag;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntToLongFunction;

/** Waveforms to files and back, through libsndfile. */
public final class SoundFiles {
    /** Samples that are rounded and written at a time. */
    private static final int BLOCK = 1 << 14;

    private SoundFiles() {}

    /**
     * Writes a waveform as WAV with 16-bit integers, without texts.
     *
     * @param target replaced where it is there
     * @throws SoundException as {@link #write}
     */
    public static void writeWav(Path target, Sound sound) {
        write(target, sound, SoundFormat.WAV_PCM16, Map.of());
    }

    /**
     * Writes a waveform. Integers are rounded to nearest, and what is beyond full scale is clipped to it.
     *
     * @param target replaced where it is there
     * @param tags texts for the file to carry
     * @throws SoundException if the folder is missing or cannot be written to, the disk is full, or this libsndfile cannot
     *     write the format; {@code target} is then as it was
     */
    public static void write(Path target, Sound sound, SoundFormat format, Map<SoundTag, String> tags) {
        SoundFileLibrary library = SoundFileLibrary.load();
        requireWritable(target);
        if (!library.canWrite(format, sound.sampleRate(), 1)) {
            throw new SoundException(
                    target + ": libsndfile " + library.version() + " writes no " + format + " at " + sound.sampleRate()
                            + " Hz",
                    "choose another format");
        }
        try (UnfinishedFile unfinished = UnfinishedFile.beside(target)) {
            try (SoundFileWriter writer =
                    SoundFileWriter.create(library, unfinished.path(), format, sound.sampleRate(), 1)) {
                tags.forEach(writer::tag);
                writeSamples(writer, sound, integerBits(format));
            }
            unfinished.finish();
        } catch (SoundFileException | IOException failure) {
            throw new SoundException(
                    target + " cannot be written (" + failure.getMessage() + ")",
                    "check the format, the folder's permissions and the free space",
                    failure);
        }
    }

    /**
     * Reads the first channel of a sound file.
     *
     * @param most samples that are read at most: what a header claims is not to be trusted
     * @param arena owner of the sound
     * @throws SoundException if it is no sound file or damaged
     */
    public static Sound read(Path file, long most, Arena arena) {
        return read(file, _ -> most, arena);
    }

    /** As above, where at most so much time is read, whatever the sample rate. */
    public static Sound read(Path file, Duration most, Arena arena) {
        return read(file, sampleRate -> most.toSeconds() * sampleRate, arena);
    }

    private static Sound read(Path file, IntToLongFunction mostAtRate, Arena arena) {
        try (SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), file);
                Arena scratch = Arena.ofConfined()) {
            long most = mostAtRate.applyAsLong(reader.sampleRate());
            long claimed = Math.clamp(reader.claimedFrames(), 0, most);
            Sound sound = Sound.allocate(arena, claimed, reader.sampleRate());
            MemorySegment block = scratch.allocate(ValueLayout.JAVA_FLOAT, (long) BLOCK * reader.channels());
            long length = 0;
            for (long read; (read = reader.read(block, Math.min(BLOCK, claimed - length))) > 0; length += read) {
                for (long i = 0; i < read; i++) {
                    sound.set(length + i, block.getAtIndex(ValueLayout.JAVA_FLOAT, i * reader.channels()));
                }
            }
            return sound.slice(0, length);
        } catch (SoundFileException unreadable) {
            throw new SoundException(
                    file + " cannot be read (" + unreadable.getMessage() + ")", "is it a sound file?", unreadable);
        }
    }

    /** Refuses a place that no file can be put to, before the work for it begins. */
    public static void requireWritable(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new SoundException(target + " is a directory", "name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw new SoundException(target + ": its folder does not exist", "create it first");
        }
        if (!Files.isWritable(folder)) {
            throw new SoundException(target + ": its folder may not be written to", "choose another");
        }
    }

    /** Bits of the integers that a format stores, or 0 where it stores none. */
    private static int integerBits(SoundFormat format) {
        return switch (format) {
            case WAV_PCM16, FLAC_PCM16 -> 16;
            case WAV_PCM24, FLAC_PCM24 -> 24;
            case WAV_FLOAT, OGG_VORBIS, MP3 -> 0;
        };
    }

    private static void writeSamples(SoundFileWriter writer, Sound sound, int bits) {
        if (bits == 0) {
            writer.write(sound.samples(), sound.length());
            return;
        }
        // libsndfile drops the bits that an integer has no place for; rounded here, nothing is left to drop.
        double steps = 1 << (bits - 1);
        try (Arena arena = Arena.ofConfined()) {
            Sound block = Sound.allocate(arena, BLOCK, sound.sampleRate());
            for (long start = 0; start < sound.length(); start += BLOCK) {
                long length = Math.min(BLOCK, sound.length() - start);
                for (long i = 0; i < length; i++) {
                    double step = Math.clamp(Math.rint(sound.get(start + i) * steps), -steps, steps - 1);
                    block.set(i, (float) (step / steps));
                }
                writer.write(block.samples(), length);
            }
        }
    }
}
