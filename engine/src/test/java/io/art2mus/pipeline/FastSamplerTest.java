package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.diffusion.SamplerKind;
import io.art2mus.pipeline.SamplerStudy.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Few steps of a good sampler are enough: what docs/samplers.md says. */
class FastSamplerTest {
    private static final Setting PUBLISHED = new Setting(SamplerKind.DDIM, 200);

    @Test
    void twentyFiveStepsSoundNearlyAsTwoHundred() {
        try (SamplerStudy study = new SamplerStudy(List.of("dusk", "storm", "festival"), 1)) {
            StudiedSounds published = study.sounds(PUBLISHED);
            double limit = published.distanceBetweenPictures() / 4;
            for (SamplerKind sampler : List.of(SamplerKind.DDIM, SamplerKind.DPM_SOLVER_2M)) {
                StudiedSounds fast = study.sounds(new Setting(sampler, 25));
                double distance = fast.distanceTo(published);
                System.out.printf(
                        Locale.ROOT,
                        "%s 25 against %s: %.2f dB (limit %.2f, a quarter of the distance between two pictures)%n",
                        sampler,
                        PUBLISHED,
                        distance,
                        limit);
                assertThat(distance).as("dB, %s", sampler).isLessThan(limit);
                assertThat(fast.rankedRight())
                        .as("sounds known by their pictures")
                        .isEqualTo(1);
            }
        }
    }

    /** Takes about six minutes of two cores that have nothing else to do. */
    @Test
    @EnabledIfSystemProperty(named = "samplers.table", matches = "true")
    void printTheTable() {
        List<String> pictures = List.of("dusk", "city", "sea", "forest", "storm", "festival");
        try (SamplerStudy study = new SamplerStudy(pictures, 2)) {
            System.out.printf(
                    Locale.ROOT,
                    "between two draws of noise: %.2f dB%n",
                    study.sounds(new Setting(SamplerKind.DPM_SOLVER_2M, 20)).distanceBetweenDraws());
        }
        try (SamplerStudy study = new SamplerStudy(pictures, 1)) {
            StudiedSounds converged = study.sounds(new Setting(SamplerKind.DDIM, 500));
            System.out.printf(Locale.ROOT, "between two pictures: %.2f dB%n", converged.distanceBetweenPictures());
            settings().forEach(setting -> {
                StudiedSounds sounds = study.sounds(setting);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %d | %.2f dB | %.1f %% | %.3f |%n",
                        setting.sampler(),
                        setting.steps(),
                        sounds.calls(),
                        sounds.distanceTo(converged),
                        100 * sounds.rankedRight(),
                        sounds.similarity());
            });
        }
    }

    private static Stream<Setting> settings() {
        return Stream.of(
                        with(SamplerKind.DPM_SOLVER_2M, 10, 15, 20, 25, 30, 50),
                        with(SamplerKind.DDIM, 25, 50, 100, 200),
                        with(SamplerKind.EULER, 25),
                        with(SamplerKind.PNDM, 25),
                        with(SamplerKind.LMS, 25))
                .flatMap(settings -> settings);
    }

    private static Stream<Setting> with(SamplerKind sampler, int... steps) {
        return Arrays.stream(steps).mapToObj(count -> new Setting(sampler, count));
    }
}
