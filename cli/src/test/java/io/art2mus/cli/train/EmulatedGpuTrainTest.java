package io.art2mus.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.cli.Ran;
import io.art2mus.ffi.cuda.Cuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code art2mus train --device cuda} on the emulated device, in float16. */
@Tag("emulated")
class EmulatedGpuTrainTest {
    @TempDir
    private Path folder;

    @Test
    void theSecondOfTwoUpdatesIsTheOneAfterAResumptionByteForByteAndMemoryIsSaid() throws IOException {
        assumeTrue(Cuda.status().available(), "the emulated device was built");
        TrainCommand train = TrainCommand.of(
                folder, 2, "--device", "cuda", "--batch", "1", "--loss-guidance", "off", "--validate-items", "0");
        Ran whole = train.run("whole", "--max-steps", "2", "--save-every", "1", "--memory");
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.err())
                .contains("update 2 of 2")
                .contains("  micro-step")
                .contains("  gradients and moments")
                .contains("  weights and moments, as they are saved");
        assertThat(Files.readString(folder.resolve("whole/checkpoints/step-2/training.json")))
                .contains("cuda f16")
                .contains("\"factor\" : 65536.0");

        String first = folder.resolve("whole/checkpoints/step-1").toString();
        Ran rest = train.run("rest", "--max-steps", "2", "--resume", first);
        assertThat(rest.status()).as(rest.err()).isZero();
        for (String file : List.of("projection.safetensors", "checkpoints/step-2/state.safetensors")) {
            assertThat(Files.mismatch(
                            folder.resolve("whole").resolve(file),
                            folder.resolve("rest").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }
}
