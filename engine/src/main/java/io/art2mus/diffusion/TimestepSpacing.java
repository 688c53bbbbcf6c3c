package io.art2mus.diffusion;

/**
 * Which of the training timesteps a sampler visits: key {@code timestep_spacing}.
 *
 * @see <a href="https://arxiv.org/abs/2305.08891">Lin and others 2023, table 2</a>
 */
public enum TimestepSpacing {
    /** Multiples of a whole number, moved up by {@code steps_offset}; the last trained steps are left out. */
    LEADING {
        @Override
        double timestep(int index, int count, SchedulerConfig config) {
            return (count - 1 - index) * (config.trainTimesteps() / count) + config.stepsOffset();
        }
    },

    /** Evenly spaced from the last trained step to 0; between whole numbers. */
    LINSPACE {
        @Override
        double timestep(int index, int count, SchedulerConfig config) {
            double gap = (config.trainTimesteps() - 1.0) / Math.max(1, count - 1);
            return (count - 1 - index) * gap;
        }
    },

    /** Evenly spaced from the last trained step down, rounded; the first trained steps are left out. */
    TRAILING {
        @Override
        double timestep(int index, int count, SchedulerConfig config) {
            // Not simplified: the reference counts in steps rounded like this, and that decides halves.
            double second = config.trainTimesteps() - (double) config.trainTimesteps() / count;
            double gap = config.trainTimesteps() - second;
            return Math.rint(config.trainTimesteps() - index * gap) - 1;
        }
    };

    /** The timestep visited after {@code index} others, of {@code count}. With an offset it may lie past the trained ones. */
    abstract double timestep(int index, int count, SchedulerConfig config);
}
