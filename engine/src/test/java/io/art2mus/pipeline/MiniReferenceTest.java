package io.art2mus.pipeline;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** Whole generations on the checkpoint that ships, against what PyTorch makes of the same files. */
class MiniReferenceTest {
    private static final int THREADS = 2;

    @Test
    void duskSoundsAsPyTorchMakesIt() {
        soundsAsPyTorchMakesIt("dusk", Variant.ART2MUS, 0, SamplerKind.DDIM, 10);
    }

    @Test
    void citySoundsAsPyTorchMakesIt() {
        soundsAsPyTorchMakesIt("city", Variant.ART2MUS, 1, SamplerKind.DDIM, 20);
    }

    @Test
    void seaSoundsAsPyTorchMakesItFromFourTokens() {
        soundsAsPyTorchMakesIt("sea", Variant.ART2MUS_4, 7, SamplerKind.DPM_SOLVER_2M, 12);
    }

    private static void soundsAsPyTorchMakesIt(
            String name, Variant variant, long seed, SamplerKind sampler, int steps) {
        Wish wish = new Wish(
                null,
                Wish.PUBLISHED_NEGATIVE_PROMPT,
                variant,
                Wish.TRAINED_SECONDS,
                seed,
                sampler,
                steps,
                Wish.PUBLISHED_GUIDANCE,
                1);
        try (Arena arena = Arena.ofConfined();
                Backend backend = CpuBackend.open(THREADS, Precision.F32)) {
            Checkpoint mini = new Checkpoint(Golden.mini());
            Sound sound = Takes.of(backend, mini, wish, Golden.sample(name + ".png"), arena)
                    .getFirst();
            HostTensor expected = Golden.tensor(arena, "mini-reference/" + name + ".safetensors", "waveform");
            HostTensor actual = new HostTensor(Shape.of(1, sound.length()), sound.samples());
            Tolerance.GENERATION_F32.requireWithin(name + ", whole generation, " + backend.name(), actual, expected);
        }
    }
}
