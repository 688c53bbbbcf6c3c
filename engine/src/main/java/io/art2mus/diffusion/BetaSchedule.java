package io.art2mus.diffusion;

/** How the variances β of the training steps run from the first to the last: key {@code beta_schedule}. */
public enum BetaSchedule {
    /** β is evenly spaced. */
    LINEAR {
        @Override
        float[] betas(double first, double last, int count) {
            return evenlySpaced((float) first, (float) last, count);
        }
    },

    /** √β is evenly spaced. */
    SCALED_LINEAR {
        @Override
        float[] betas(double first, double last, int count) {
            float[] betas = evenlySpaced((float) Math.sqrt(first), (float) Math.sqrt(last), count);
            for (int t = 0; t < count; t++) {
                betas[t] *= betas[t];
            }
            return betas;
        }
    };

    /** The variances of {@code count} training steps, rounded to float32 where PyTorch rounds them. */
    abstract float[] betas(double first, double last, int count);

    /** Counts from the nearer end, as PyTorch does, so that both ends are exact. */
    private static float[] evenlySpaced(float first, float last, int count) {
        float[] values = new float[count];
        float step = count == 1 ? 0 : (last - first) / (count - 1);
        for (int i = 0; i < count; i++) {
            values[i] = i < count / 2 ? first + step * i : last - step * (count - 1 - i);
        }
        return values;
    }
}
