package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cuda.Gpu;
import io.art2mus.backend.reference.ReferenceBackend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From text states and noise to sound on a GPU, where the latents stay for all steps. */
@Tag("gpu")
class CudaGenerationTest {
    private static final Checkpoint TINY = new Checkpoint(Golden.resource("tiny-audioldm2"));
    private static final String GOLDEN = "tiny-audioldm2/golden/generate_text_dpmpp.safetensors";

    /** What the golden file was made by. */
    private static final Wish WISH = wish(SamplerKind.DPM_SOLVER_2M, 8, 3.5, 1.28);

    private static Wish wish(SamplerKind sampler, int steps, double guidance, double seconds) {
        return new Wish("a prompt", "Low quality.", Variant.AUDIOLDM2, seconds, 11, sampler, steps, guidance, 1);
    }

    private static Conditioning conditioning(Arena arena) {
        return new Conditioning(
                Golden.tensor(arena, GOLDEN, "loa"), Golden.tensor(arena, GOLDEN, "t5_states"), bias(arena));
    }

    private static HostTensor bias(Arena arena) {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.resource(GOLDEN))) {
            Parameter mask = file.parameter("t5_mask");
            Shape shape = Shape.of(mask.shape().extent(0), 1, mask.shape().extent(1));
            HostTensor bias = HostTensor.allocate(arena, shape);
            for (long i = 0; i < shape.elements(); i++) {
                bias.set(i, mask.dtype().read(mask.data(), i) == 0 ? -10000 : 0);
            }
            return bias;
        }
    }

    private static Conditioning firstRow(Conditioning both) {
        return new Conditioning(
                both.loa().rows(0, 1), both.t5().rows(0, 1), both.t5Bias().rows(0, 1));
    }

    private static HostTensor latents(Backend backend, Wish wish, Conditioning conditioning, Arena arena) {
        try (Synthesiser synthesiser = new Synthesiser(backend, TINY, wish, null, Progress.SILENT)) {
            return synthesiser.denoise(conditioning, arena);
        }
    }

    @Test
    void shortGenerationInFloat16StaysNearPyTorch() {
        try (Arena arena = Arena.ofConfined();
                Backend backend = Gpu.open(Precision.F16);
                Synthesiser synthesiser = new Synthesiser(backend, TINY, WISH, null, Progress.SILENT)) {
            HostTensor latents = synthesiser.denoise(conditioning(arena), arena);
            HostTensor mel = synthesiser.decode(latents, arena);
            HostTensor expected = Golden.tensor(arena, GOLDEN, "mel");
            Tolerance.GENERATION_F16.requireWithin(
                    "generate_text_dpmpp mel, " + backend.name(), mel.reshaped(expected.shape()), expected);
            Sound sound = synthesiser.vocode(mel, arena).getFirst();
            Tolerance.GENERATION_F16.requireWithin(
                    "generate_text_dpmpp waveform, " + backend.name(),
                    new HostTensor(Shape.of(1, sound.length()), sound.samples()),
                    Golden.tensor(arena, GOLDEN, "waveform"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySamplerStepsOnTheGpuAsOnTheHost(SamplerKind sampler) {
        Wish wish = wish(sampler, 5, 3.5, 0.24);
        try (Arena arena = Arena.ofConfined();
                Backend gpu = Gpu.open(Precision.F32);
                Backend reference = new ReferenceBackend()) {
            Conditioning conditioning = conditioning(arena);
            Tolerance.GENERATION_F32.requireWithin(
                    sampler + " latents, " + gpu.name(),
                    latents(gpu, wish, conditioning, arena),
                    latents(reference, wish, conditioning, arena));
        }
    }

    @Test
    void withoutGuidanceOneRowGoesThroughTheNetwork() {
        Wish wish = wish(SamplerKind.DDIM, 2, 1, 0.24);
        try (Arena arena = Arena.ofConfined();
                Backend gpu = Gpu.open(Precision.F32);
                Backend reference = new ReferenceBackend()) {
            Conditioning conditioning = firstRow(conditioning(arena));
            Tolerance.GENERATION_F32.requireWithin(
                    "latents without guidance, " + gpu.name(),
                    latents(gpu, wish, conditioning, arena),
                    latents(reference, wish, conditioning, arena));
        }
    }

    @Test
    void theSameSeedGivesTheSameBitsTwice() {
        Wish wish = wish(SamplerKind.PNDM, 4, 3.5, 0.24);
        try (Arena arena = Arena.ofConfined();
                Backend gpu = Gpu.open(Precision.F16);
                Synthesiser synthesiser = new Synthesiser(gpu, TINY, wish, null, Progress.SILENT)) {
            Conditioning conditioning = conditioning(arena);
            HostTensor first = synthesiser.denoise(conditioning, arena);
            HostTensor again = synthesiser.denoise(conditioning, arena);
            assertThat(again.data().mismatch(first.data())).isEqualTo(-1);
            assertThat(latents(gpu, wish, conditioning, arena).data().mismatch(first.data()))
                    .isEqualTo(-1);
        }
    }
}
