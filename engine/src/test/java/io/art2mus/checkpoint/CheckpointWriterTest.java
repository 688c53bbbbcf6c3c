package io.art2mus.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundLevel;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.graph.DType;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.Progress;
import io.art2mus.pipeline.Take;
import io.art2mus.pipeline.TakeListener;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A new checkpoint as the engine and the file system see it. */
class CheckpointWriterTest {
    private static final CheckpointWriter.Listener SILENT = new CheckpointWriter.Listener() {
        @Override
        public void begin(String file) {
            // Nobody asked.
        }

        @Override
        public void written(long bytes) {
            // Nobody asked.
        }
    };

    @TempDir
    private Path folder;

    private static void write(Path target, DType dtype, long seed, int threads) {
        CheckpointPlan plan = CheckpointPlan.of(Presets.tiny(), EnumSet.allOf(CheckpointPart.class), dtype, seed);
        CheckpointWriter.write(plan, target, threads, SILENT);
    }

    private static List<Path> files(Path in) throws IOException {
        try (Stream<Path> found = Files.walk(in)) {
            return found.filter(Files::isRegularFile)
                    .map(in::relativize)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theEngineGeneratesFiniteSoundOfItInEveryTypeAndVariant() {
        Path picture = Golden.resource("tiny-audioldm2/golden/picture.png");
        requireSound(DType.F32, null, "Techno music", Variant.AUDIOLDM2);
        requireSound(DType.F16, picture, null, Variant.ART2MUS);
        requireSound(DType.BF16, picture, "Techno music", Variant.ART2MUS_4);
    }

    private void requireSound(DType dtype, @Nullable Path picture, @Nullable String prompt, Variant variant) {
        Path target = folder.resolve(dtype.name());
        write(target, dtype, 7, 2);
        Wish wish = new Wish(prompt, "Low quality.", variant, 0.64, 11, SamplerKind.DDIM, 2, 3.5, 1);
        generate(target, wish, picture == null ? List.of() : List.of(picture), Progress.SILENT);
    }

    /** Prints how loud the sound is; one that is no number fails. */
    private static void generate(Path target, Wish wish, List<Path> pictures, Progress progress) {
        TakeListener listener = new TakeListener() {
            @Override
            public void made(Take take) {
                Sound sound = take.sounds().getFirst();
                System.out.printf(
                        "%s of random weights in %s: %s%n", wish.variant(), target.getFileName(), SoundLevel.of(sound));
                for (long i = 0; i < sound.length(); i++) {
                    assertThat(sound.get(i)).isBetween(-1f, 1f);
                }
            }

            @Override
            public void failed(Path picture, RuntimeException failure) {
                throw failure;
            }
        };
        try (Backend backend = CpuBackend.open(2, Precision.F32)) {
            new ImageToMusic(backend, new Checkpoint(target), 2, null, progress).generate(wish, pictures, listener);
        }
    }

    /** What the engine leaves is what only the libraries want: nothing was written for it in vain, or under a wrong name. */
    @Test
    void theEngineUsesAllButWhatOnlyLibrariesWant() {
        Path target = folder.resolve("new");
        write(target, DType.F32, 7, 2);
        Set<String> unused = new TreeSet<>();
        Progress listening = new Progress() {
            @Override
            public void unused(Path file, List<String> names) {
                String part = String.valueOf(target.relativize(file).getName(0));
                names.forEach(name -> unused.add(part + "/" + name));
            }
        };
        Wish wish = new Wish("Techno music", "Low quality.", Variant.AUDIOLDM2, 0.64, 11, SamplerKind.DDIM, 1, 3.5, 1);
        generate(target, wish, List.of(), listening);
        assertThat(unused)
                .filteredOn(name -> !name.matches("text_encoder/audio_.*|vae/(encoder|quant_conv).*"))
                .containsExactlyInAnyOrder(
                        "text_encoder/logit_scale_a",
                        "text_encoder/logit_scale_t",
                        "text_encoder/text_model.embeddings.position_ids",
                        "text_encoder/text_model.embeddings.token_type_ids",
                        "language_model/wte.weight",
                        "vocoder/mean",
                        "vocoder/scale");
    }

    @Test
    void theSameSeedIsTheSameBytesForAnyNumberOfThreads() throws IOException {
        write(folder.resolve("one"), DType.BF16, 3, 1);
        write(folder.resolve("same"), DType.BF16, 3, 5);
        write(folder.resolve("other"), DType.BF16, 4, 1);
        assertThat(files(folder.resolve("same"))).isEqualTo(files(folder.resolve("one")));
        for (Path file : files(folder.resolve("one"))) {
            Path one = folder.resolve("one").resolve(file);
            assertThat(Files.mismatch(one, folder.resolve("same").resolve(file)))
                    .as(file.toString())
                    .isEqualTo(-1);
            if (Set.of(".safetensors", ".pth").stream().anyMatch(file.toString()::endsWith)) {
                assertThat(Files.mismatch(one, folder.resolve("other").resolve(file)))
                        .as(file.toString())
                        .isNotEqualTo(-1);
            }
        }
    }

    @Test
    void anEmptyFolderIsFilledAndNothingElseIsLeft() throws IOException {
        Path target = Files.createDirectory(folder.resolve("empty"));
        write(target, DType.F16, 0, 2);
        assertThat(files(target)).noneMatch(file -> file.toString().contains(".part"));
        assertThatThrownBy(() -> write(target, DType.F16, 0, 2))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("not an empty folder");
        assertThat(target.resolve("model_index.json")).exists();
    }

    /** A failure in the middle, as of a full disk. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aFailureLeavesNothingBehind(boolean existed) throws IOException {
        Path target = folder.resolve("new");
        if (existed) {
            Files.createDirectory(target);
        }
        CheckpointWriter.Listener failing = new CheckpointWriter.Listener() {
            @Override
            public void begin(String file) {
                if (file.startsWith("imagebind")) {
                    throw new IllegalStateException("no more");
                }
            }

            @Override
            public void written(long bytes) {
                // The files before are whole.
            }
        };
        CheckpointPlan plan = CheckpointPlan.of(Presets.tiny(), EnumSet.allOf(CheckpointPart.class), DType.F16, 0);
        assertThatThrownBy(() -> CheckpointWriter.write(plan, target, 2, failing))
                .hasMessage("no more");
        assertThat(target.toFile().exists()).isEqualTo(existed);
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void tooLittleRoomIsSaidInGigabytes() {
        assertThatThrownBy(() -> CheckpointWriter.requireRoom(folder, 9_300_000_000L, 1_250_000_000L))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("9.30 GB are needed and 1.25 GB are free");
    }
}
