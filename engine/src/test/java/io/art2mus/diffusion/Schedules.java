package io.art2mus.diffusion;

/** The noise schedule of the AudioLDM 2 family, as its {@code scheduler_config.json} has it. */
final class Schedules {
    private Schedules() {}

    static NoiseSchedule of(PredictionType prediction, TimestepSpacing spacing) {
        return new NoiseSchedule(
                new SchedulerConfig(1000, 0.0015, 0.0195, BetaSchedule.SCALED_LINEAR, prediction, spacing, 1, false));
    }
}
