package io.art2mus.benchmarks.subject;

import io.art2mus.backend.Backend;
import io.art2mus.benchmarks.profile.StageEvents;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.Take;
import io.art2mus.pipeline.TakeListener;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The whole road from a text to a sound of 10.24 s, in 20 steps of DDIM. Every part is opened and closed on the way, as users have it, from
 * repacked weights where they are kept; both texts are new each time, so that what is kept of texts plays no part.
 */
final class Generation implements Opened {
    private static final int STEPS = 20;

    private final Backend backend;
    private final ImageToMusic road;

    private Generation(Machine machine) {
        backend = machine.open();
        road = new ImageToMusic(backend, machine.checkpoint(), machine.threads(), machine.cache(), new StageEvents());
    }

    static List<Subject> all() {
        return List.of(new Subject(
                "generation", "10.24 s of sound from a text, DDIM in " + STEPS + " steps", Generation::new));
    }

    @Override
    public void call() {
        road.generate(wish(), List.of(), new TakeListener() {
            @Override
            public void made(Take take) {}

            @Override
            public void failed(Path picture, RuntimeException failure) {
                throw failure;
            }
        });
    }

    private static Wish wish() {
        String take = ", take " + ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        return new Wish(
                Encoders.TEXT + take,
                Wish.PUBLISHED_NEGATIVE_PROMPT + take,
                Variant.AUDIOLDM2,
                Wish.TRAINED_SECONDS,
                0,
                SamplerKind.DDIM,
                STEPS,
                Wish.PUBLISHED_GUIDANCE,
                1);
    }

    @Override
    public void close() {
        backend.close();
    }
}
