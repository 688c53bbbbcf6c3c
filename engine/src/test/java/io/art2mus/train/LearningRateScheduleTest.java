package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateScheduleTest {
    /** What {@code get_scheduler} of diffusers 0.40 gives for a peak of 2e-5, 4 updates of warm-up, and 10 in all; the last is past the end. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            constant,             2e-5, 2e-5, 2e-5, 2e-5,           2e-5, 2e-5,           2e-5
            constant-with-warmup, 0,    5e-6, 2e-5, 2e-5,           2e-5, 2e-5,           2e-5
            linear,               0,    5e-6, 2e-5, 1.666666667e-5, 1e-5, 3.333333333e-6, 0
            cosine,               0,    5e-6, 2e-5, 1.866025404e-5, 1e-5, 1.339745962e-6, 1.339745962e-6
            cosine-with-restarts, 0,    5e-6, 2e-5, 1.866025404e-5, 1e-5, 1.339745962e-6, 0
            polynomial,           0,    5e-6, 2e-5, 1.668333333e-5, 1.005e-5, 3.416666667e-6, 1e-7
            """)
    void everyScheduleEqualsDiffusers(
            String name, double at0, double at1, double at4, double at5, double at7, double at9, double at11) {
        LearningRateSchedule schedule = LearningRateSchedule.named(name);
        long[] updates = {0, 1, 4, 5, 7, 9, 11};
        double[] expected = {at0, at1, at4, at5, at7, at9, at11};
        for (int i = 0; i < updates.length; i++) {
            assertThat(schedule.rate(2e-5, updates[i], 4, 10))
                    .as("%s, update %d", name, updates[i])
                    .isCloseTo(expected[i], within(1e-14));
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutWarmUpTheFirstUpdateHasThePeak(LearningRateSchedule schedule) {
        assertThat(schedule.rate(2e-5, 0, 0, 10)).isCloseTo(2e-5, within(1e-20));
        assertThat(schedule.rate(2e-5, 0, 0, 0)).as("of no updates at all").isNotNaN();
    }

    @ParameterizedTest
    @EnumSource
    void aNameLeadsBackToItsSchedule(LearningRateSchedule schedule) {
        assertThat(LearningRateSchedule.named(schedule.toString())).isEqualTo(schedule);
        assertThatThrownBy(() -> LearningRateSchedule.named("step"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'step' is no schedule: give constant, constant-with-warmup, linear");
    }
}
