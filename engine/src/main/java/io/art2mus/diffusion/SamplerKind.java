package io.art2mus.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The samplers, by the names users give them. */
public enum SamplerKind {
    DDIM("ddim") {
        @Override
        List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
            return Ddim.plan(schedule, steps);
        }
    },
    DPM_SOLVER_2M("dpmpp-2m") {
        @Override
        List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
            return DpmSolver2M.plan(schedule, steps);
        }
    },
    PNDM("pndm") {
        @Override
        List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
            return Pndm.plan(schedule, steps);
        }
    },
    EULER("euler") {
        @Override
        List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
            return Euler.plan(schedule, steps);
        }

        @Override
        double initialNoiseSigma(NoiseSchedule schedule, int steps) {
            return new SigmaSteps(schedule, steps).initialNoiseSigma();
        }
    },
    LMS("lms") {
        @Override
        List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
            return LinearMultistep.plan(schedule, steps);
        }

        @Override
        double initialNoiseSigma(NoiseSchedule schedule, int steps) {
            return new SigmaSteps(schedule, steps).initialNoiseSigma();
        }
    };

    private final String label;

    SamplerKind(String label) {
        this.label = label;
    }

    /** The sampler of this name; an {@link IllegalArgumentException} that lists the names where there is none. */
    public static SamplerKind named(String name) {
        for (SamplerKind kind : values()) {
            if (kind.label.equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no sampler is called " + name + "; there are "
                + Arrays.stream(values()).map(SamplerKind::toString).collect(Collectors.joining(", ")));
    }

    /** Decides every call of the network. */
    abstract List<SamplerStep> plan(NoiseSchedule schedule, int steps);

    /** Standard deviation of the latents the first call starts from. */
    double initialNoiseSigma(NoiseSchedule schedule, int steps) {
        return 1;
    }

    /** The name users give it, such as {@code dpmpp-2m}. */
    @Override
    public String toString() {
        return label;
    }
}
