package io.art2mus.diffusion;

import static io.art2mus.diffusion.LinearForm.OUTPUT;
import static io.art2mus.diffusion.LinearForm.SAMPLE;

/**
 * What the network was trained to return for {@code x = √ᾱ·x₀ + √(1−ᾱ)·ε}: key {@code prediction_type}.
 *
 * @see <a href="https://arxiv.org/abs/2202.00512">Salimans and Ho 2022, appendix D, for the velocity</a>
 */
public enum PredictionType {
    /** The noise ε. */
    EPSILON {
        @Override
        LinearForm noise(double alphaBar) {
            return OUTPUT;
        }

        @Override
        LinearForm original(double alphaBar) {
            return SAMPLE.plus(OUTPUT.times(-Math.sqrt(1 - alphaBar))).times(1 / Math.sqrt(alphaBar));
        }
    },

    /** The velocity √ᾱ·ε − √(1−ᾱ)·x₀. */
    V_PREDICTION {
        @Override
        LinearForm noise(double alphaBar) {
            return OUTPUT.times(Math.sqrt(alphaBar)).plus(SAMPLE.times(Math.sqrt(1 - alphaBar)));
        }

        @Override
        LinearForm original(double alphaBar) {
            return SAMPLE.times(Math.sqrt(alphaBar)).plus(OUTPUT.times(-Math.sqrt(1 - alphaBar)));
        }
    };

    /** The predicted ε where the noise level is ᾱ. */
    abstract LinearForm noise(double alphaBar);

    /** The predicted x₀ where the noise level is ᾱ. */
    abstract LinearForm original(double alphaBar);
}
