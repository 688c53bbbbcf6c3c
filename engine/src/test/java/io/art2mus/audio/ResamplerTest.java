package io.art2mus.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {
    /** Of the lower rate's Nyquist frequency; above it the filter falls. */
    private static final double PASS_BAND = 1 - WindowedSinc.TRANSITION;

    /** Where the silence outside a waveform is not heard any more, in samples of the lower rate. */
    private static final int EDGE = WindowedSinc.HALF_WIDTH + 1;

    private static final double SECONDS = 0.25;

    @ParameterizedTest
    @CsvSource({"44100, 16000", "48000, 16000", "11025, 16000", "16000, 48000", "22050, 16000", "44101, 16000"})
    void passBandIsUnchangedAndNothingIsAdded(int from, int to) {
        double nyquist = Math.min(from, to) / 2.0;
        double ripple = 0;
        double added = Double.NEGATIVE_INFINITY;
        try (Arena arena = Arena.ofConfined()) {
            Resampler resampler = Resampler.between(arena, from, to);
            for (int tone = 0; tone <= 40; tone++) {
                double frequency = tone * PASS_BAND * nyquist / 40;
                DoubleUnaryOperator wave = time -> Math.cos(2 * Math.PI * frequency * time + 0.3);
                Sound resampled = resampler.resample(sampled(arena, wave, from), arena);
                Fit fit = Fit.of(resampled, wave, Math.min(from, to));
                ripple = Math.max(ripple, Math.abs(decibels(fit.gain())));
                added = Math.max(added, decibels(fit.rest()));
            }
        }
        System.out.printf(
                "%d to %d Hz, pass band to %.0f Hz: ripple %.1e dB (limit 1e-03), error %.1f dB (limit -90)%n",
                from, to, PASS_BAND * nyquist, ripple, added);
        assertThat(ripple).isLessThan(1e-3);
        assertThat(added).isLessThan(-90);
    }

    @ParameterizedTest
    @CsvSource({"44100, 16000", "48000, 16000", "22050, 16000", "44101, 16000", "16000, 11025"})
    void aboveTheLowerNyquistFrequencyNothingPasses(int from, int to) {
        double loudest = Double.NEGATIVE_INFINITY;
        try (Arena arena = Arena.ofConfined()) {
            Resampler resampler = Resampler.between(arena, from, to);
            for (int tone = 0; tone <= 40; tone++) {
                double frequency = (to + tone * (from - to) / 40.0) / 2;
                DoubleUnaryOperator wave = time -> Math.cos(2 * Math.PI * frequency * time + 0.3);
                Sound resampled = resampler.resample(sampled(arena, wave, from), arena);
                loudest = Math.max(
                        loudest, decibels(Fit.of(resampled, time -> 0, to).rest()));
            }
        }
        System.out.printf("%d to %d Hz, aliases: %.1f dB (limit -80)%n", from, to, loudest);
        assertThat(loudest).isLessThan(-80);
    }

    @Test
    void sweepFromSilenceToTheEndOfThePassBandKeepsItsShape() {
        double top = PASS_BAND * 8000;
        DoubleUnaryOperator sweep = time -> 0.5 * Math.sin(Math.PI * top / SECONDS * time * time);
        try (Arena arena = Arena.ofConfined()) {
            Resampler resampler = Resampler.between(arena, 44100, 16000);
            Sound resampled = resampler.resample(sampled(arena, sweep, 44100), arena);
            double error = decibels(Fit.of(resampled, sweep, 16000).rest());
            System.out.printf("44100 to 16000 Hz, sweep to %.0f Hz: error %.1f dB (limit -80)%n", top, error);
            assertThat(error).isLessThan(-80);
        }
    }

    @Test
    void equalRatesChangeNothing() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = sampled(arena, time -> Math.sin(9876 * time), 16000);
            Sound resampled = Resampler.between(arena, 16000, 16000).resample(sound, arena);
            assertThat(resampled.samples().mismatch(sound.samples())).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "44100, 16000, 1, 1",
        "44100, 16000, 2, 1",
        "44100, 16000, 3, 2",
        "44100, 16000, 441, 160",
        "16000, 48000, 1, 3",
        "16000, 48000, 2, 6",
        "11025, 16000, 1, 2",
        "48000, 16000, 480001, 160001"
    })
    void lengthIsRoundedUp(int from, int to, long length, long expected) {
        try (Arena arena = Arena.ofConfined()) {
            Resampler resampler = Resampler.between(arena, from, to);
            Sound resampled = resampler.resample(Sound.allocate(arena, length, from), arena);
            assertThat(resampled.length()).isEqualTo(expected).isEqualTo(resampler.outputLength(length));
            assertThat(resampled.sampleRate()).isEqualTo(to);
        }
    }

    /** A lone sample becomes the filter's impulse response, at its own time. */
    @Test
    void impulseStaysWhereItIs() {
        try (Arena arena = Arena.ofConfined()) {
            Sound click = Sound.allocate(arena, 16000, 16000);
            click.set(8000, 1);
            Sound resampled = Resampler.between(arena, 16000, 48000).resample(click, arena);
            assertThat(resampled.get(24000)).isEqualTo((float) WindowedSinc.at(0), within(1e-4f));
            for (int i = 1; i < 300; i++) {
                assertThat(resampled.get(24000 + i)).isEqualTo(resampled.get(24000 - i), within(1e-7f));
            }
        }
    }

    @Test
    void channelsDoNotMix() {
        try (Arena arena = Arena.ofConfined()) {
            Resampler resampler = Resampler.between(arena, 44100, 16000);
            Sound left = sampled(arena, time -> Math.sin(3000 * time), 44100);
            Sound right = sampled(arena, time -> Math.cos(5000 * time), 44100);
            MemorySegment both = arena.allocate(ValueLayout.JAVA_FLOAT, 2 * left.length());
            for (long i = 0; i < left.length(); i++) {
                both.setAtIndex(ValueLayout.JAVA_FLOAT, 2 * i, left.get(i));
                both.setAtIndex(ValueLayout.JAVA_FLOAT, 2 * i + 1, right.get(i));
            }
            MemorySegment resampled = arena.allocate(ValueLayout.JAVA_FLOAT, 2 * resampler.outputLength(left.length()));
            resampler.resample(both, resampled, 2);
            Sound expectedLeft = resampler.resample(left, arena);
            Sound expectedRight = resampler.resample(right, arena);
            for (long i = 0; i < expectedLeft.length(); i++) {
                assertThat(resampled.getAtIndex(ValueLayout.JAVA_FLOAT, 2 * i)).isEqualTo(expectedLeft.get(i));
                assertThat(resampled.getAtIndex(ValueLayout.JAVA_FLOAT, 2 * i + 1))
                        .isEqualTo(expectedRight.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 384_001, Integer.MAX_VALUE})
    void ratesNobodyRecordsAtAreRefused(int rate) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Resampler.between(arena, rate, 16000))
                    .isInstanceOf(SoundException.class)
                    .hasMessage("a sample rate of " + rate + " Hz; give a sound at 1000 to 384000 Hz");
        }
    }

    @Test
    void soundAtAnotherRateIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Resampler resampler = Resampler.between(arena, 44100, 16000);
            Sound sound = Sound.allocate(arena, 10, 48000);
            assertThatThrownBy(() -> resampler.resample(sound, arena)).hasMessage("a sound at 48000 Hz, not at 44100");
        }
    }

    private static Sound sampled(Arena arena, DoubleUnaryOperator wave, int rate) {
        Sound sound = Sound.allocate(arena, (long) (SECONDS * rate), rate);
        for (long i = 0; i < sound.length(); i++) {
            sound.set(i, (float) wave.applyAsDouble((double) i / rate));
        }
        return sound;
    }

    private static double decibels(double amplitude) {
        return 20 * Math.log10(amplitude);
    }

    /**
     * A sound as a multiple of the wave it should be, and the rest, away from both ends.
     *
     * @param gain the multiple
     * @param rest root mean square of what is left over, over that of a full-scale sine
     */
    private record Fit(double gain, double rest) {
        static Fit of(Sound sound, DoubleUnaryOperator wave, int lowerRate) {
            long edge = (long) EDGE * sound.sampleRate() / lowerRate;
            double product = 0;
            double power = 0;
            for (long i = edge; i < sound.length() - edge; i++) {
                double expected = wave.applyAsDouble((double) i / sound.sampleRate());
                product += expected * sound.get(i);
                power += expected * expected;
            }
            double gain = power == 0 ? 0 : product / power;
            double rest = 0;
            for (long i = edge; i < sound.length() - edge; i++) {
                double expected = gain * wave.applyAsDouble((double) i / sound.sampleRate());
                rest += (sound.get(i) - expected) * (sound.get(i) - expected);
            }
            return new Fit(gain, Math.sqrt(2 * rest / (sound.length() - 2 * edge)));
        }
    }
}
