package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsBytes;
import io.art2mus.weights.WeightFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that spell the same network in an older way, made from the small random one, sound the same. */
class OldCheckpointsTest {
    private static final Path TINY = Golden.resource("tiny-audioldm2");

    private static final Map<String, String> OLD_NAMES =
            Map.of(".to_q.", ".query.", ".to_k.", ".key.", ".to_v.", ".value.", ".to_out.0.", ".proj_attn.");

    @TempDir
    private Path old;

    @BeforeEach
    void linkTheTinyCheckpoint() throws IOException {
        for (String file : new String[] {
            "model_index.json",
            "unet/config.json",
            "vae/config.json",
            "vocoder/config.json",
            "scheduler/scheduler_config.json"
        }) {
            Files.createDirectories(old.resolve(file).getParent());
            Files.copy(TINY.resolve(file), old.resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void autoencoderWithOldAttentionNamesDecodesTheSame(int axes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, HostTensor> renamed = new LinkedHashMap<>();
            tensors("vae", arena).forEach((name, tensor) -> {
                String spelled = name;
                for (Map.Entry<String, String> names : OLD_NAMES.entrySet()) {
                    spelled = spelled.replace(names.getKey(), names.getValue());
                }
                Shape shape = tensor.shape();
                boolean convolution = axes == 4 && !spelled.equals(name) && shape.rank() == 2;
                renamed.put(
                        spelled,
                        convolution ? tensor.reshaped(Shape.of(shape.extent(0), shape.extent(1), 1, 1)) : tensor);
            });
            assertThat(renamed).containsKey("decoder.mid_block.attentions.0.proj_attn.weight");
            write("vae/diffusion_pytorch_model.safetensors", renamed);
            HostTensor latents = Golden.tensor(arena, "tiny-audioldm2/golden/vae.safetensors", "latents")
                    .reshaped(Shape.of(1, 32, 16, 8));

            HostTensor expected = decode(TINY, latents, arena);
            HostTensor actual = decode(old, latents, arena);

            assertThat(actual.data().mismatch(expected.data()))
                    .as("first byte that differs")
                    .isEqualTo(-1);
        }
    }

    private static HostTensor decode(Path checkpoint, HostTensor latents, Arena arena) {
        try (Backend backend = CpuBackend.open(2, Precision.F32);
                Synthesiser synthesiser = synthesiser(backend, checkpoint)) {
            return synthesiser.decode(latents, arena);
        }
    }

    @ParameterizedTest
    @CsvSource({"weight_g, weight_v", "parametrizations.weight.original0, parametrizations.weight.original1"})
    void weightNormalisedVocoderSoundsTheSame(String length, String direction) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, HostTensor> normalised = new LinkedHashMap<>();
            tensors("vocoder", arena).forEach((name, tensor) -> {
                if (name.endsWith(".weight")) {
                    String module = name.substring(0, name.length() - "weight".length());
                    normalised.put(module + length, lengths(tensor, arena));
                    normalised.put(module + direction, tripled(tensor, arena));
                } else {
                    normalised.put(name, tensor);
                }
            });
            write("vocoder/model.safetensors", normalised);
            HostTensor mel = Golden.tensor(arena, "tiny-audioldm2/golden/vocoder.safetensors", "mel")
                    .rows(0, 1);

            HostTensor expected = synthesise(TINY, mel, arena);
            HostTensor actual = synthesise(old, mel, arena);

            Tolerance.OPERATION_F32.requireWithin("vocoder folded from " + length, actual, expected);
        }
    }

    @Test
    void missingProjectionIsNamedAsItIsSpelledToday() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, HostTensor> tensors = tensors("vae", arena);
            tensors.remove("decoder.mid_block.attentions.0.to_k.weight");
            write("vae/diffusion_pytorch_model.safetensors", tensors);
            HostTensor latents = HostTensor.allocate(arena, Shape.of(1, 4, 4, 8));

            assertThatThrownBy(() -> decode(old, latents, arena))
                    .hasMessageContaining("decoder.mid_block.attentions.0.to_k.weight is missing")
                    .hasMessageContaining("vae/diffusion_pytorch_model.safetensors");
        }
    }

    private static HostTensor synthesise(Path checkpoint, HostTensor mel, Arena arena) {
        try (Backend backend = CpuBackend.open(2, Precision.F32);
                Synthesiser synthesiser = synthesiser(backend, checkpoint)) {
            Sound sound = synthesiser.vocode(mel, arena).getFirst();
            return new HostTensor(Shape.of(sound.length()), sound.samples());
        }
    }

    private static Synthesiser synthesiser(Backend backend, Path checkpoint) {
        // 37 frames, as the vocoder's reference has.
        Wish wish = new Wish("", "", Variant.AUDIOLDM2, 0.37, 0, SamplerKind.DDIM, 1, 1, 1);
        return new Synthesiser(backend, new Checkpoint(checkpoint), wish, null, Progress.SILENT);
    }

    private static Map<String, HostTensor> tensors(String part, Arena arena) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        try (WeightFile file = WeightFile.openPart(TINY.resolve(part))) {
            for (String name : file.names()) {
                HostTensor copy = HostTensor.allocate(arena, file.shapeOf(name));
                copy.data().copyFrom(file.parameter(name).data());
                tensors.put(name, copy);
            }
        }
        return tensors;
    }

    /** The norm of every index of the outermost axis, the other axes kept with extent 1. */
    private static HostTensor lengths(HostTensor weight, Arena arena) {
        long outer = weight.shape().extent(0);
        HostTensor lengths = HostTensor.allocate(arena, Shape.of(outer, 1, 1));
        for (long i = 0; i < outer; i++) {
            HostTensor row = weight.rows(i, 1);
            double squares = 0;
            for (long j = 0; j < row.shape().elements(); j++) {
                squares += (double) row.get(j) * row.get(j);
            }
            lengths.set(i, (float) Math.sqrt(squares));
        }
        return lengths;
    }

    /** Another vector of the same direction. */
    private static HostTensor tripled(HostTensor weight, Arena arena) {
        HostTensor tripled = HostTensor.allocate(arena, weight.shape());
        for (long i = 0; i < weight.shape().elements(); i++) {
            tripled.set(i, 3 * weight.get(i));
        }
        return tripled;
    }

    private void write(String file, Map<String, HostTensor> tensors) throws IOException {
        Files.write(old.resolve(file), SafetensorsBytes.of(tensors));
    }
}
