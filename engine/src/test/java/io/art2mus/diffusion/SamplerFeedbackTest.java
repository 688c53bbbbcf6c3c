package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Tolerance;
import io.art2mus.backend.Feedback;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device is told to do with the latents is what the host does. */
class SamplerFeedbackTest {
    private static final int STEPS = 7;
    private static final int LENGTH = 5;

    @ParameterizedTest
    @EnumSource
    void numbersForADeviceGiveTheHostsLatents(SamplerKind kind) {
        Sampler sampler = Sampler.of(kind, Schedules.of(PredictionType.EPSILON, TimestepSpacing.LEADING), STEPS);
        Feedback feedback = SamplerFeedback.of(sampler, 2, 3.5);
        assertThat(feedback.runs()).hasSize(sampler.calls());
        try (Arena arena = Arena.ofConfined()) {
            HostTensor latents = HostTensor.allocate(arena, Shape.of(LENGTH));
            for (int i = 0; i < LENGTH; i++) {
                latents.set(i, i - 2);
            }
            HostTensor expected = HostTensor.allocate(arena, latents.shape());
            expected.data().copyFrom(latents.data());
            SamplerState state = sampler.begin(arena, latents.shape());
            float[][] history = new float[feedback.slots()][LENGTH];
            HostTensor output = HostTensor.allocate(arena, latents.shape());
            for (int call = 0; call < sampler.calls(); call++) {
                for (int i = 0; i < LENGTH; i++) {
                    output.set(i, (float) Math.sin(call + i));
                }
                state.step(call, output, expected);
                run(feedback.runs().get(call), output, latents, history);
            }
            Tolerance.SAMPLER_END.requireWithin(kind + " as a device runs it", latents, expected);
        }
    }

    private static void run(Feedback.Run run, HostTensor output, HostTensor latents, float[][] history) {
        List<Feedback.Slot> slots = run.history();
        for (int i = 0; i < LENGTH; i++) {
            float x = latents.get(i);
            float e = output.get(i);
            float next = value(run.next(), x, e);
            for (int slot = 0; slot < slots.size(); slot++) {
                if (slots.get(slot).keeps()) {
                    history[slot][i] = value(slots.get(slot).value(), x, e);
                }
                next += slots.get(slot).weight() * history[slot][i];
            }
            latents.set(i, next);
        }
    }

    private static float value(Feedback.Form form, float x, float e) {
        return form.sample() * x + form.output() * e;
    }
}
