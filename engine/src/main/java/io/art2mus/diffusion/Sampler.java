package io.art2mus.diffusion;

import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.List;

/** A sampler for a number of steps: everything that does not depend on the latents, decided once. Immutable. */
public final class Sampler {
    private final List<SamplerStep> plan;
    private final int slots;
    private final double initialNoiseSigma;

    private Sampler(List<SamplerStep> plan, double initialNoiseSigma) {
        this.plan = List.copyOf(plan);
        this.slots = plan.stream()
                .flatMap(step -> step.kept().stream())
                .mapToInt(kept -> kept.slot() + 1)
                .max()
                .orElse(0);
        this.initialNoiseSigma = initialNoiseSigma;
    }

    /**
     * Decides every call of the network.
     *
     * @param steps 1 to the number of training timesteps; {@code pndm} takes at least 4 and {@code dpmpp-2m}, unless its
     *     timesteps are trailing, one fewer than were trained. Anything else is an {@link StepCountException}
     */
    public static Sampler of(SamplerKind kind, NoiseSchedule schedule, int steps) {
        int most = schedule.config().trainTimesteps();
        if (steps < 1 || steps > most) {
            throw new StepCountException(kind + " takes 1 to " + most + " steps, not " + steps);
        }
        return new Sampler(kind.plan(schedule, steps), kind.initialNoiseSigma(schedule, steps));
    }

    /** How often the network is called: once a step, and nine times more for {@code pndm}. */
    public int calls() {
        return plan.size();
    }

    /** What the network is told; not always a whole number. */
    public double timestep(int call) {
        return plan.get(call).timestep();
    }

    /** Factor of the latents on their way into the network. */
    public double inputScale(int call) {
        return plan.get(call).inputScale();
    }

    /** Standard deviation of the latents that the first call starts from. */
    public double initialNoiseSigma() {
        return initialNoiseSigma;
    }

    /** What a call does to the latents. */
    public SamplerStep step(int call) {
        return plan.get(call);
    }

    /** How many tensors of the latents' shape are kept between calls; 0 for {@code ddim} and {@code euler}. */
    public int slots() {
        return slots;
    }

    /** The state of one run over latents of this shape, owned by {@code arena}. */
    public SamplerState begin(Arena arena, Shape latents) {
        return new SamplerState(this, arena, latents);
    }
}
