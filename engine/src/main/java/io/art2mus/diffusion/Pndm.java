package io.art2mus.diffusion;

import static io.art2mus.diffusion.LinearForm.OUTPUT;
import static io.art2mus.diffusion.LinearForm.SAMPLE;

import io.art2mus.diffusion.SamplerStep.Kept;
import io.art2mus.diffusion.SamplerStep.Term;
import java.util.ArrayList;
import java.util.List;

/**
 * Pseudo numerical methods: three steps of Runge and Kutta, four calls each, then Adams and Bashforth's fourth-order
 * formula on the outputs at the steps' beginnings.
 *
 * @see <a href="https://arxiv.org/abs/2202.09778">Liu and others 2022, algorithm 2</a>
 */
final class Pndm {
    private static final int WARM_UP = 3;
    private static final int ORDER = 4;

    /** Slots 0 to 3 are a ring of outputs at the steps' beginnings; a step of Runge and Kutta has three more. */
    private static final int START = 4;

    private static final int SECOND = 5;
    private static final int THIRD = 6;

    private final NoiseSchedule schedule;
    private final int steps;
    private final int stride;
    private final List<SamplerStep> plan = new ArrayList<>();

    private Pndm(NoiseSchedule schedule, int steps) {
        this.schedule = schedule;
        this.steps = steps;
        this.stride = schedule.config().trainTimesteps() / steps;
    }

    static List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
        if (steps <= WARM_UP) {
            throw new StepCountException(
                    SamplerKind.PNDM + " takes at least " + (WARM_UP + 1) + " steps, not " + steps);
        }
        Pndm pndm = new Pndm(schedule, steps);
        for (int k = 0; k < WARM_UP; k++) {
            pndm.rungeKutta(k);
        }
        for (int k = WARM_UP; k < steps; k++) {
            pndm.adamsBashforth(k);
        }
        return pndm.plan;
    }

    private int timestep(int step) {
        SchedulerConfig config = schedule.config();
        return (int) Math.rint(config.timestepSpacing().timestep(step, steps, config));
    }

    /** Half of the way twice, then the whole way twice, always from the latents of the step's beginning. */
    private void rungeKutta(int step) {
        int half = stride / 2;
        int start = timestep(step);
        int end = timestep(step + 1);
        int middle = end + half;

        LinearForm first = Ddim.transfer(schedule, start, start - half);
        plan.add(new SamplerStep(start, 1, first, List.of(new Kept(START, SAMPLE), new Kept(step, OUTPUT)), List.of()));

        LinearForm second = Ddim.transfer(schedule, start, middle);
        plan.add(new SamplerStep(
                middle,
                1,
                OUTPUT.times(second.output()),
                List.of(new Kept(SECOND, OUTPUT)),
                List.of(new Term(START, second.sample()))));

        LinearForm third = Ddim.transfer(schedule, start, middle - half);
        plan.add(new SamplerStep(
                middle,
                1,
                OUTPUT.times(third.output()),
                List.of(new Kept(THIRD, OUTPUT)),
                List.of(new Term(START, third.sample()))));

        LinearForm whole = Ddim.transfer(schedule, start, end);
        double sixth = whole.output() / 6;
        plan.add(new SamplerStep(
                end,
                1,
                OUTPUT.times(sixth),
                List.of(),
                List.of(
                        new Term(START, whole.sample()),
                        new Term(step, sixth),
                        new Term(SECOND, 2 * sixth),
                        new Term(THIRD, 2 * sixth))));
    }

    private void adamsBashforth(int step) {
        int t = timestep(step);
        LinearForm whole = Ddim.transfer(schedule, t, t - stride);
        double part = whole.output() / 24;
        plan.add(new SamplerStep(
                t,
                1,
                SAMPLE.times(whole.sample()),
                List.of(new Kept(step % ORDER, OUTPUT)),
                List.of(
                        new Term(step % ORDER, 55 * part),
                        new Term((step - 1) % ORDER, -59 * part),
                        new Term((step - 2) % ORDER, 37 * part),
                        new Term((step - 3) % ORDER, -9 * part))));
    }
}
