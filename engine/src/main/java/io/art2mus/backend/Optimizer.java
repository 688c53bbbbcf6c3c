package io.art2mus.backend;

/**
 * Learns inputs of a plan where the plan computes: gradients of several runs add up, and AdamW moves the inputs. The plan must stay open,
 * and not be run by anybody else between {@link #clear} and {@link #update}. Owns the sums.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019, algorithm 2</a>
 */
public interface Optimizer extends AutoCloseable {
    /** How much of the first moment an update keeps. */
    double BETA_1 = 0.9;

    /** How much of the second moment an update keeps. */
    double BETA_2 = 0.999;

    /** Added to the deviation that an update divides by. */
    float EPSILON = 1e-8f;

    /**
     * One update of float32 numbers w by the sum s of their gradients, with {@code g = unscale · min(1, largestNorm / (norm + 1e-6)) · s},
     * where the norm is that of {@code unscale · s}: {@code m ← m + (1 − β₁)(g − m)}, {@code v ← β₂·v + (1 − β₂)·g²},
     * {@code w ← kept · w − rate · m / (√v / secondCorrection + ε)}.
     *
     * @param kept what weight decay leaves
     * @param rate the learning rate over the first moment's correction
     * @param secondCorrection root of the second moment's correction
     * @param unscale 1 over what the losses were multiplied by
     * @param largestNorm gradients are clipped to about this norm
     */
    record Step(float kept, float rate, float secondCorrection, double unscale, double largestNorm) {}

    /** Forgets the gradients of earlier runs. */
    void clear();

    /** Runs the plan and adds its gradients to the sums. Need not have happened when this returns. */
    void accumulate();

    /**
     * Moves the inputs by the sums, unless their norm is not finite: then all stays as it was.
     *
     * @return the norm before clipping, of the gradients as they were before losses were multiplied
     */
    double update(Step step);

    /** Brings the vectors of the {@link Trainable} up to date. */
    void download();

    /** Bytes that it holds where the plan computes. */
    long bytes();

    @Override
    void close();
}
