package io.art2mus.diffusion;

import io.art2mus.backend.Feedback;
import io.art2mus.backend.Feedback.Form;
import io.art2mus.backend.Feedback.Slot;
import io.art2mus.diffusion.SamplerStep.Kept;
import io.art2mus.diffusion.SamplerStep.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A sampler as a device runs it by itself: the same numbers as {@link SamplerState} works with, rounded to float32 as there. */
final class SamplerFeedback {
    private static final LinearForm NOTHING = new LinearForm(0, 0);

    private SamplerFeedback() {}

    /**
     * All calls of {@code sampler} around the T-UNet's plan.
     *
     * @param rows of a prediction: 2 with guidance, 1 without
     */
    static Feedback of(Sampler sampler, long rows, double guidance) {
        List<Feedback.Run> runs = IntStream.range(0, sampler.calls())
                .mapToObj(call -> run(sampler.step(call), sampler.slots()))
                .toList();
        return new Feedback(
                "latents", "prediction", "step", Math.toIntExact(rows), (float) guidance, sampler.slots(), runs);
    }

    private static Feedback.Run run(SamplerStep step, int slots) {
        List<Slot> history = new ArrayList<>();
        double[] weights = new double[slots];
        for (Term term : step.terms()) {
            weights[term.slot()] += term.weight();
        }
        Map<Integer, LinearForm> kept = new HashMap<>();
        for (Kept value : step.kept()) {
            kept.put(value.slot(), value.value());
        }
        for (int slot = 0; slot < slots; slot++) {
            Form value = form(kept.getOrDefault(slot, NOTHING));
            history.add(new Slot(kept.containsKey(slot), value, (float) weights[slot]));
        }
        return new Feedback.Run((float) step.inputScale(), form(step.next()), history);
    }

    private static Form form(LinearForm form) {
        return new Form((float) form.sample(), (float) form.output());
    }
}
