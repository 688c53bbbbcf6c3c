package io.art2mus.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.art2mus.cli.Ran;
import io.art2mus.ffi.cuda.Cuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code art2mus train --device cuda} on the emulated device, in float16. */
@Tag("emulated")
class EmulatedGpuTrainTest {
    private static final String PAIRS = "../samples/pairs";

    @TempDir
    private Path folder;

    private Path table = Path.of("unset");

    @BeforeEach
    void writeTable() throws IOException {
        assumeThat(Cuda.status().available())
                .as("the emulated device was built")
                .isTrue();
        table = Files.writeString(folder.resolve("two.csv"), "image,audio\n00.jpg,00.flac\n01.jpg,01.flac\n");
    }

    private Ran train(String place, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--device", "cuda", "--pairs", table.toString()));
        arguments.addAll(List.of("--images", PAIRS, "--audio", PAIRS, "--clip-start", "0", "--no-cache"));
        arguments.addAll(List.of("--batch", "1", "--accumulate", "2", "--lr", "1e-3", "--warmup", "2"));
        arguments.addAll(List.of("--loss-guidance", "off", "--validate-items", "0"));
        arguments.addAll(List.of("-o", folder.resolve(place).toString()));
        arguments.addAll(Arrays.asList(more));
        return Ran.with(arguments.toArray(String[]::new));
    }

    @Test
    void twoUpdatesAreOneAndOneMoreByteForByteAndMemoryIsSaid() throws IOException {
        Ran whole = train("whole", "--max-steps", "2", "--memory");
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.err())
                .contains("update 2 of 2")
                .contains("  micro-step")
                .contains("  gradients and moments")
                .contains("  weights and moments, as they are saved");
        assertThat(Files.readString(folder.resolve("whole/checkpoints/step-2/training.json")))
                .contains("cuda f16")
                .contains("\"factor\" : 65536.0");

        assertThat(train("parts", "--max-steps", "1").status()).isZero();
        Ran rest = train("parts", "--max-steps", "2", "--resume", "latest");
        assertThat(rest.status()).as(rest.err()).isZero();
        for (String file : List.of("projection.safetensors", "checkpoints/step-2/state.safetensors")) {
            assertThat(Files.mismatch(
                            folder.resolve("whole").resolve(file),
                            folder.resolve("parts").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }
}
