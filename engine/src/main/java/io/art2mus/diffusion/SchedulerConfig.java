package io.art2mus.diffusion;

/**
 * The values of {@code scheduler/scheduler_config.json} that sampling depends on.
 *
 * @param trainTimesteps {@code num_train_timesteps}
 * @param betaStart {@code beta_start}, variance of the first training step
 * @param betaEnd {@code beta_end}, variance of the last training step
 * @param betaSchedule {@code beta_schedule}
 * @param predictionType {@code prediction_type}
 * @param timestepSpacing {@code timestep_spacing}
 * @param stepsOffset {@code steps_offset}, added to leading timesteps
 * @param setAlphaToOne {@code set_alpha_to_one}: whether the last step of DDIM and PNDM leads to no noise at all, instead
 *     of to the noise of timestep 0
 */
public record SchedulerConfig(
        int trainTimesteps,
        double betaStart,
        double betaEnd,
        BetaSchedule betaSchedule,
        PredictionType predictionType,
        TimestepSpacing timestepSpacing,
        int stepsOffset,
        boolean setAlphaToOne) {}
