package io.art2mus.audio;

import io.art2mus.graph.HostTensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * A waveform's log-mel spectrogram as a PNG file: the 64 bands that the variational autoencoder sees ({@link LogMel}), 80 dB below the
 * loudest point in colours, of one size whatever the length. A second process makes the same bytes of the same sound where the
 * fonts are the same.
 */
public final class SpectrogramPicture {
    /** How far below the loudest point colours reach. */
    static final double RANGE_DECIBELS = 80;

    /** Decibels of a factor e. */
    private static final double DECIBELS = 20 / Math.log(10);

    private SpectrogramPicture() {}

    /**
     * Draws a waveform's spectrogram.
     *
     * @param png replaced where it is there
     * @param sound of any length above 0; another rate than 16 kHz is resampled first
     * @param title shown above; what cannot be printed is left out
     * @throws SoundException if the sound is empty or not finite, the machine has no fonts, or the file cannot be written;
     *     {@code png} is then as it was
     */
    public static void write(Path png, Sound sound, String title) {
        requireWritable(png);
        SoundLevel.of(sound);
        SpectrogramDrawing drawing = new SpectrogramDrawing();
        drawing.axes(title, sound.seconds());
        drawing.plot(columns(sound));
        try (UnfinishedFile unfinished = UnfinishedFile.beside(png)) {
            BufferedImage picture = drawing.picture();
            if (!ImageIO.write(picture, "png", unfinished.path().toFile())) {
                throw new IOException("this Java cannot write PNG");
            }
            unfinished.finish();
        } catch (IOException failure) {
            throw new SoundException(
                    png + " cannot be written (" + failure.getMessage() + ")",
                    "check the folder's permissions and the free space",
                    failure);
        }
    }

    /** Refuses a place that no file can be put to, and a machine without fonts, before the work for it begins. */
    public static void requireWritable(Path png) {
        SoundFiles.requireWritable(png);
        SpectrogramDrawing.requireFonts();
    }

    /**
     * What is shown in each column of pixels, {@code [COLUMNS][BANDS]}: the loudest of its frames, or the frame it is part of; 0 … 1
     * within the range of decibels.
     */
    static double[][] columns(Sound sound) {
        double[][] columns = new double[SpectrogramDrawing.COLUMNS][LogMel.BANDS];
        try (Arena arena = Arena.ofConfined()) {
            HostTensor mel = LogMel.of(longEnough(sound, arena), arena);
            double top = Math.log(LogMel.FLOOR) + RANGE_DECIBELS / DECIBELS;
            for (long i = 0; i < mel.shape().elements(); i++) {
                top = Math.max(top, mel.get(i));
            }
            long frames = mel.shape().extent(0);
            double framesAColumn = sound.seconds() * LogMel.SAMPLE_RATE / LogMel.HOP / columns.length;
            for (int column = 0; column < columns.length; column++) {
                long first = Math.min(frames - 1, Math.round(column * framesAColumn));
                long end = Math.clamp(Math.round((column + 1) * framesAColumn), first + 1, frames);
                for (int band = 0; band < LogMel.BANDS; band++) {
                    double loudest = Double.NEGATIVE_INFINITY;
                    for (long frame = first; frame < end; frame++) {
                        loudest = Math.max(loudest, mel.get(frame * LogMel.BANDS + band));
                    }
                    columns[column][band] = 1 - (top - loudest) * DECIBELS / RANGE_DECIBELS;
                }
            }
        }
        return columns;
    }

    /** The sound at the spectrogram's rate, with silence behind it where it is too short for one. */
    private static Sound longEnough(Sound sound, Arena arena) {
        Sound resampled = sound.sampleRate() == LogMel.SAMPLE_RATE
                ? sound
                : Resampler.between(arena, sound.sampleRate(), LogMel.SAMPLE_RATE)
                        .resample(sound, arena);
        if (resampled.length() >= LogMel.SHORTEST) {
            return resampled;
        }
        Sound padded = Sound.allocate(arena, LogMel.SHORTEST, LogMel.SAMPLE_RATE);
        padded.samples().copyFrom(resampled.samples());
        return padded;
    }
}
