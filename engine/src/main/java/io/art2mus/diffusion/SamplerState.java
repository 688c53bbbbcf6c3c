package io.art2mus.diffusion;

import io.art2mus.diffusion.SamplerStep.Kept;
import io.art2mus.diffusion.SamplerStep.Term;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;

/** A sampler under way on the host: the values its steps have kept. Its memory is the arena's it was begun with. */
public final class SamplerState {
    private final Sampler sampler;
    private final Shape shape;
    private final List<HostTensor> history;

    SamplerState(Sampler sampler, Arena arena, Shape shape) {
        this.sampler = sampler;
        this.shape = shape;
        this.history = Stream.generate(() -> HostTensor.allocate(arena, shape))
                .limit(sampler.slots())
                .toList();
    }

    /**
     * Replaces the latents by those that the next call starts from. Calls come in order, from 0; beginning again at 0
     * starts another run. Allocates nothing.
     *
     * @param call which call of the network it was, 0 to {@link Sampler#calls()} − 1
     * @param output what the network returned, after guidance; the shape the state was begun with
     * @param latents the latents before that call, not scaled; overwritten
     */
    public void step(int call, HostTensor output, HostTensor latents) {
        requireShape(output);
        requireShape(latents);
        SamplerStep step = sampler.step(call);
        List<Kept> kept = step.kept();
        for (int i = 0; i < kept.size(); i++) {
            LinearForm value = kept.get(i).value();
            combine(history.get(kept.get(i).slot()), value.sample(), latents, value.output(), output);
        }
        combine(latents, step.next().sample(), latents, step.next().output(), output);
        List<Term> terms = step.terms();
        for (int i = 0; i < terms.size(); i++) {
            combine(
                    latents,
                    1,
                    latents,
                    terms.get(i).weight(),
                    history.get(terms.get(i).slot()));
        }
    }

    /** {@code result ← a·x + b·y}; {@code result} may be one of the two. */
    private static void combine(HostTensor result, double a, HostTensor x, double b, HostTensor y) {
        float factorX = (float) a;
        float factorY = (float) b;
        long count = result.shape().elements();
        for (long i = 0; i < count; i++) {
            result.set(i, factorX * x.get(i) + factorY * y.get(i));
        }
    }

    private void requireShape(HostTensor tensor) {
        if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException("the sampler was begun for " + shape + ", not " + tensor.shape());
        }
    }
}
