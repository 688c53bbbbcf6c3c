package io.art2mus.diffusion;

/**
 * {@code sample · x + output · e}: something linear in the latents x before a call of the network and in what that call
 * returned. Samplers are written with these as in their papers; what is left of one at run time are two numbers.
 *
 * @param sample factor of the latents
 * @param output factor of the network's output, as it is: noise or velocity
 */
public record LinearForm(double sample, double output) {
    /** The latents x. */
    static final LinearForm SAMPLE = new LinearForm(1, 0);

    /** The network's output e. */
    static final LinearForm OUTPUT = new LinearForm(0, 1);

    LinearForm plus(LinearForm other) {
        return new LinearForm(sample + other.sample, output + other.output);
    }

    LinearForm times(double factor) {
        return new LinearForm(factor * sample, factor * output);
    }
}
