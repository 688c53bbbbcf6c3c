package io.art2mus.diffusion;

import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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
        boolean setAlphaToOne) {
    private static final int MOST_TIMESTEPS = 100_000;
    private static final double LEAST_BETA = 1e-8;

    /** Keys that would change the arithmetic of a step in ways no checkpoint of the family asks for. */
    private static final List<String> UNSUPPORTED = List.of("clip_sample", "thresholding", "rescale_betas_zero_snr");

    /**
     * The values of a checkpoint's file; what an older one leaves out is what diffusers' DDIM takes.
     *
     * @throws WeightsException where a value is out of bounds, or asks for something that is not done here
     */
    public static SchedulerConfig from(ModelConfig file) {
        for (String key : UNSUPPORTED) {
            if (file.has(key) && file.flag(key)) {
                throw unsupported(key + " is true", file);
            }
        }
        if (file.has("trained_betas")) {
            throw unsupported("trained_betas are given", file);
        }
        int trainTimesteps = file.integer("num_train_timesteps", 1, MOST_TIMESTEPS);
        return new SchedulerConfig(
                trainTimesteps,
                file.number("beta_start", LEAST_BETA, 1),
                file.number("beta_end", LEAST_BETA, 1),
                constant(BetaSchedule.class, file, "beta_schedule"),
                file.has("prediction_type")
                        ? constant(PredictionType.class, file, "prediction_type")
                        : PredictionType.EPSILON,
                file.has("timestep_spacing")
                        ? constant(TimestepSpacing.class, file, "timestep_spacing")
                        : TimestepSpacing.LEADING,
                file.has("steps_offset") ? file.integer("steps_offset", 0, trainTimesteps - 1) : 0,
                !file.has("set_alpha_to_one") || file.flag("set_alpha_to_one"));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, ModelConfig file, String key) {
        String[] names = Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        return Enum.valueOf(type, file.choice(key, names).toUpperCase(Locale.ROOT));
    }

    private static WeightsException unsupported(String what, ModelConfig file) {
        return new WeightsException(what, file.file(), "the samplers here cannot do that");
    }
}
