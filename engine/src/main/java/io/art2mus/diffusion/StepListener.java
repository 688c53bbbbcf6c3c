package io.art2mus.diffusion;

/** Is told how far the denoising is, from its own thread, after each call of the network. */
@FunctionalInterface
public interface StepListener {
    /**
     * One more call is done.
     *
     * @param done calls so far, at least 1
     * @param calls calls in all
     */
    void afterCall(int done, int calls);
}
