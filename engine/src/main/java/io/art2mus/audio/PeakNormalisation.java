package io.art2mus.audio;

import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scales a waveform so that its largest absolute sample stands at a level, or leaves it at the model's own.
 *
 * @param decibels level of the peak below full scale, at most 0 dB; empty: as it is
 */
public record PeakNormalisation(OptionalDouble decibels) {
    /** The level is left as the model made it. */
    public static final PeakNormalisation OFF = new PeakNormalisation(OptionalDouble.empty());

    /** Below this a peak is silence: half of a 16-bit step. */
    private static final double SILENCE = 0.5 / (1 << 15);

    private static final double LOWEST = -90;
    private static final Pattern LEVEL = Pattern.compile("([-+]?\\d{1,3}(?:\\.\\d{1,9})?)(?:\\s*db)?");

    public PeakNormalisation {
        decibels.ifPresent(level -> {
            if (!(level >= LOWEST && level <= 0)) {
                throw new IllegalArgumentException("a peak of " + level + " dB is not within " + LOWEST + " … 0 dB");
            }
        });
    }

    /** A peak at this level, −90 … 0 dB. */
    public static PeakNormalisation to(double decibels) {
        return new PeakNormalisation(OptionalDouble.of(decibels));
    }

    /** Reads {@code -1dB}, {@code -0.5} or {@code off}; an {@link IllegalArgumentException} for anything else. */
    public static PeakNormalisation parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.equals("off")) {
            return OFF;
        }
        Matcher level = LEVEL.matcher(lower);
        if (!level.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no peak level: give one such as -1dB, or off");
        }
        return to(Double.parseDouble(level.group(1)));
    }

    /**
     * The waveform at this level.
     *
     * @param arena owner of the result, which is {@code sound} itself where nothing is scaled
     * @throws SoundException if the waveform is empty, silent, or a sample is not finite
     */
    public Sound apply(Sound sound, Arena arena) {
        double peak = SoundLevel.of(sound).peak();
        if (peak < SILENCE) {
            throw new SoundException("the waveform is silent", "try another --seed or more --steps");
        }
        if (decibels.isEmpty()) {
            return sound;
        }
        float factor = (float) (Math.pow(10, decibels.getAsDouble() / 20) / peak);
        Sound scaled = Sound.allocate(arena, sound.length(), sound.sampleRate());
        for (long i = 0; i < sound.length(); i++) {
            scaled.set(i, sound.get(i) * factor);
        }
        return scaled;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return decibels.isPresent() ? decibels.getAsDouble() + "dB" : "off";
    }
}
