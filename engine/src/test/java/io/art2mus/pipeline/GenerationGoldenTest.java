package io.art2mus.pipeline;

import static io.art2mus.Tolerance.GENERATION_BF16;
import static io.art2mus.Tolerance.GENERATION_F32;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole generations on the small random checkpoint against PyTorch: text, picture, and both. */
class GenerationGoldenTest {
    private static final int THREADS = 2;
    private static final long SEED = 11;
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");
    private static final Path PICTURE = CHECKPOINT.resolve("golden/picture.png");
    private static final String TECHNO = "Techno music with a strong, upbeat tempo and high melodic riffs";

    /**
     * One golden file.
     *
     * @param fromEmbedding whether the reference started from the embedding in the file instead of the picture
     */
    record Generation(String name, Wish wish, @Nullable Path picture, boolean fromEmbedding) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Generation> generations() {
        return List.of(
                text("generate_text", 1.3, SamplerKind.DDIM, 10),
                text("generate_text_dpmpp", 1.28, SamplerKind.DPM_SOLVER_2M, 8),
                picture("generate_picture", Variant.ART2MUS, null, 1.28, 10, false),
                picture("generate_picture_and_text", Variant.ART2MUS_4, TECHNO, 1.28, 9, false),
                picture("generate_image", Variant.ART2MUS, null, 1.28, 10, true),
                picture("generate_image_4", Variant.ART2MUS_4, null, 1.0, 12, true),
                picture("generate_both", Variant.ART2MUS, TECHNO, 1.28, 8, true));
    }

    private static Generation text(String name, double seconds, SamplerKind sampler, int steps) {
        return new Generation(
                name,
                new Wish(TECHNO, "Low quality.", Variant.AUDIOLDM2, seconds, SEED, sampler, steps, 3.5, 1),
                null,
                false);
    }

    private static Generation picture(
            String name, Variant variant, @Nullable String prompt, double seconds, int steps, boolean fromEmbedding) {
        return new Generation(
                name,
                new Wish(prompt, "Low quality.", variant, seconds, SEED, SamplerKind.DDIM, steps, 3.5, 1),
                PICTURE,
                fromEmbedding);
    }

    @ParameterizedTest
    @MethodSource("generations")
    void equalsPyTorch(Generation generation) {
        comparesWithPyTorch(generation, Precision.F32, GENERATION_F32);
    }

    /** Rounding errors of all steps add up; the limit is twice what was measured, to notice when it grows. */
    @ParameterizedTest
    @MethodSource("generations")
    @EnabledIf(value = "hasBf16", disabledReason = "this processor has no bfloat16 instructions")
    void staysNearPyTorchInBfloat16(Generation generation) {
        comparesWithPyTorch(generation, Precision.BF16, GENERATION_BF16);
    }

    static boolean hasBf16() {
        return OneDnn.instructionSet().hasBf16();
    }

    private static void comparesWithPyTorch(Generation generation, Precision precision, Tolerance tolerance) {
        Checkpoint tiny = new Checkpoint(CHECKPOINT);
        try (Arena arena = Arena.ofConfined();
                Backend backend = CpuBackend.open(THREADS, precision)) {
            Comparison comparison = new Comparison(generation, backend.name(), tolerance, arena);
            Conditioning conditioning = condition(generation, backend, tiny, arena);
            comparison.requireClose("loa", conditioning.loa());
            comparison.requireClose("t5_states", conditioning.t5());
            try (Synthesiser synthesiser = new Synthesiser(backend, tiny, generation.wish(), null, Progress.SILENT)) {
                HostTensor latents = synthesiser.denoise(conditioning, arena);
                comparison.requireClose("final_latents", channelsFirst(latents, arena));
                HostTensor mel = synthesiser.decode(latents, arena);
                Shape picture =
                        Shape.of(1, 1, mel.shape().extent(1), mel.shape().extent(2));
                comparison.requireClose("mel", mel.reshaped(picture));
                Sound sound = synthesiser.vocode(mel, arena).getFirst();
                comparison.requireClose("waveform", new HostTensor(Shape.of(1, sound.length()), sound.samples()));
            }
        }
    }

    private static Conditioning condition(Generation generation, Backend backend, Checkpoint tiny, Arena arena) {
        try (EncoderRuntime runtime = EncoderRuntime.open(THREADS);
                Conditioner conditioner =
                        Conditioner.open(backend, runtime, tiny, generation.wish(), null, Progress.SILENT)) {
            return conditioner.condition(embedding(generation, runtime, tiny, arena), arena);
        }
    }

    private static @Nullable HostTensor embedding(
            Generation generation, EncoderRuntime runtime, Checkpoint tiny, Arena arena) {
        if (generation.fromEmbedding()) {
            return Golden.tensor(arena, file(generation), "image_embedding");
        }
        Path picture = generation.picture();
        if (picture == null) {
            return null;
        }
        try (PictureEncoder encoder = new PictureEncoder(runtime, tiny, null)) {
            return encoder.embed(picture, arena);
        }
    }

    /** Compares tensors of one generation with the golden file's. */
    private record Comparison(Generation generation, String backend, Tolerance tolerance, Arena arena) {
        void requireClose(String tensor, HostTensor actual) {
            HostTensor expected = Golden.tensor(arena, file(generation), tensor);
            tolerance.requireWithin(generation + " " + tensor + ", " + backend, actual, expected);
        }
    }

    private static String file(Generation generation) {
        return "tiny-audioldm2/golden/" + generation.name() + ".safetensors";
    }

    /** {@code [1, H, W, C]} as PyTorch's {@code [1, C, H, W]}. */
    private static HostTensor channelsFirst(HostTensor latents, Arena arena) {
        long channels = latents.shape().last();
        long height = latents.shape().extent(1);
        long width = latents.shape().extent(2);
        HostTensor turned = HostTensor.allocate(arena, Shape.of(1, channels, height, width));
        for (long place = 0; place < height * width; place++) {
            for (long channel = 0; channel < channels; channel++) {
                turned.set(channel * height * width + place, latents.get(place * channels + channel));
            }
        }
        return turned;
    }
}
