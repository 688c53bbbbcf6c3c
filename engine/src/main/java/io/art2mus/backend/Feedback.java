package io.art2mus.backend;

import java.util.List;

/**
 * How a plan feeds on its own output, run after run: a state x is changed by what the plan makes of it, and is its next input. Every
 * run changes it linearly, and all numbers are known beforehand, so that a device can do it without the host.
 *
 * <p>With e what the plan made, {@code h[s] ← sample · x + output · e} for slots s that keep something, then
 * {@code x ← next.sample · x + next.output · e + Σ weight · h[s]}.
 *
 * @param input the plan's input that is the state times {@link Run#inputScale}
 * @param output what the plan makes, as many times the input's shape as there are copies: e itself where there is one, else
 *     {@code first + guidance · (second − first)} is e
 * @param position the plan's input that is the run's number, from 0
 * @param copies of the output: 1, or 2 one after the other along the outermost axis
 * @param guidance used where there are two copies
 * @param slots number of values that are kept between runs
 * @param runs what each run does
 */
public record Feedback(
        String input, String output, String position, int copies, float guidance, int slots, List<Run> runs) {
    public Feedback {
        runs = List.copyOf(runs);
        if (copies < 1 || copies > 2) {
            throw new IllegalArgumentException("the output is made once or twice, not " + copies + " times");
        }
    }

    /**
     * One run.
     *
     * @param inputScale factor of the state on its way into the plan
     * @param next what becomes of the state, but for what was kept
     * @param history one a slot
     */
    public record Run(float inputScale, Form next, List<Slot> history) {
        public Run {
            history = List.copyOf(history);
        }
    }

    /** {@code sample · x + output · e}. */
    public record Form(float sample, float output) {}

    /**
     * A value that is kept between runs.
     *
     * @param keeps whether this run overwrites it
     * @param value with what
     * @param weight its part of the new state; it is not read where this is 0
     */
    public record Slot(boolean keeps, Form value, float weight) {}
}
