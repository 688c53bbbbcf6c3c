package io.art2mus.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the learning rate changes from update to update. Each but {@link #CONSTANT} rises from 0 in equal parts while it warms up.
 *
 * @see <a href="https://huggingface.co/docs/diffusers/api/schedulers/overview">diffusers, {@code get_scheduler}, which the reference trains with</a>
 */
public enum LearningRateSchedule {
    CONSTANT,
    CONSTANT_WITH_WARMUP,
    /** Down to 0 in a straight line. */
    LINEAR,
    /** Down to 0 along half a cosine. */
    COSINE,
    /** The same with hard restarts; there is one cycle, so that it differs past the last update only. */
    COSINE_WITH_RESTARTS,
    /** Down to 1e-7 in a straight line. */
    POLYNOMIAL;

    private static final double POLYNOMIAL_END = 1e-7;

    /** The schedule of a name such as {@code constant-with-warmup}; an {@link IllegalArgumentException} that lists the names for any other. */
    public static LearningRateSchedule named(String name) {
        return Arrays.stream(values())
                .filter(schedule -> schedule.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no schedule: give "
                        + Arrays.stream(values())
                                .map(LearningRateSchedule::toString)
                                .collect(Collectors.joining(", "))));
    }

    /** Whether a longer training differs from the first update on. */
    public boolean dependsOnLength() {
        return this != CONSTANT && this != CONSTANT_WITH_WARMUP;
    }

    /**
     * The learning rate of one update.
     *
     * @param peak where the warm-up ends
     * @param update how many updates went before
     * @param warmup updates that it rises for
     * @param updates of the whole training
     */
    public double rate(double peak, long update, long warmup, long updates) {
        if (this == CONSTANT) {
            return peak;
        }
        if (update < warmup) {
            return peak * update / warmup;
        }
        double progress = (double) (update - warmup) / Math.max(1, updates - warmup);
        return switch (this) {
            case CONSTANT, CONSTANT_WITH_WARMUP -> peak;
            case LINEAR -> peak * Math.max(0, 1 - progress);
            case COSINE -> peak * halfCosine(progress);
            case COSINE_WITH_RESTARTS -> progress >= 1 ? 0 : peak * halfCosine(progress);
            case POLYNOMIAL -> POLYNOMIAL_END + (peak - POLYNOMIAL_END) * Math.max(0, 1 - progress);
        };
    }

    private static double halfCosine(double progress) {
        return (1 + Math.cos(Math.PI * progress)) / 2;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
