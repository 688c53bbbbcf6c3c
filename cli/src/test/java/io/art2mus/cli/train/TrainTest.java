package io.art2mus.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.cli.Ran;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code art2mus train} makes, in a few updates of the small model. */
class TrainTest {
    @TempDir
    private Path folder;

    private Ran train(String place, String... more) throws IOException {
        return withPairs(5).run(place, more);
    }

    private TrainCommand withPairs(int pairs) throws IOException {
        return TrainCommand.of(folder, pairs, "--precision", "f32", "--threads", "2", "--batch", "2");
    }

    private List<String> names(String place) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(place))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void sixUpdatesAreThreeAndThreeMoreByteForByte() throws IOException {
        Ran whole = train("whole", "--max-steps", "6", "--save-every", "2", "--keep", "2", "--validate-items", "0");
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.err()).contains("validation loss after 6 updates").contains("projection.safetensors");
        assertThat(names("whole/checkpoints")).containsExactly("step-4", "step-6");

        Ran half = train("parts", "--max-steps", "3", "--validate-items", "0", "--memory");
        assertThat(half.status()).as(half.err()).isZero();
        assertThat(half.err()).contains("  micro-step").contains("  gradients").contains("  weights and moments");
        Ran refused = train("parts", "--max-steps", "6", "--validate-items", "0");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.lastLine()).contains("holds a training already");
        Ran changed = train("parts", "--max-steps", "6", "--resume", "latest", "--clip", "2", "--variant", "art2mus-4");
        assertThat(changed.status()).isEqualTo(1);
        assertThat(changed.lastLine())
                .contains("--clip was 1.0, is 2.0")
                .contains("--variant was art2mus, is art2mus-4");
        Ran rest = train("parts", "--max-steps", "6", "--resume", "latest", "--validate-items", "0");
        assertThat(rest.status()).as(rest.err()).isZero();

        for (String file : List.of("projection.safetensors", "projection.pt", "checkpoints/step-6/state.safetensors")) {
            assertThat(Files.mismatch(
                            folder.resolve("whole").resolve(file),
                            folder.resolve("parts").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        ObjectMapper json = new ObjectMapper();
        List<String> updates = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("parts/metrics.jsonl"))) {
            JsonNode read = json.readTree(line);
            updates.add(read.path("update").asText() + (read.has("validation_loss") ? " validated" : ""));
        }
        assertThat(updates).containsExactly("0 validated", "1", "2", "3", "3 validated", "4", "5", "6", "6 validated");
    }

    @Test
    void validationMakesSoundsAndTheLayerGeneratesWithBothFiles() throws IOException {
        Ran ran = train(
                "sounds",
                "--max-steps",
                "1",
                "--validate-items",
                "1",
                "--validate-steps",
                "2",
                "--variant",
                "art2mus-4",
                "--resume",
                "latest");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("holds no checkpoint yet, training from the beginning");
        assertThat(names("sounds/validation/step-1")).hasSize(2).anyMatch(name -> name.endsWith(".png"));
        assertThat(names("sounds")).anyMatch(name -> name.startsWith("events.out.tfevents."));
        List<Path> made = new ArrayList<>();
        for (String format : List.of("safetensors", "pt")) {
            Path sound = folder.resolve(format + ".wav");
            Ran generated = Ran.with(
                    "generate",
                    "../samples/dusk.png",
                    "--variant",
                    "art2mus-4",
                    "--projection",
                    folder.resolve("sounds/projection." + format).toString(),
                    "--seconds",
                    "0.5",
                    "--steps",
                    "2",
                    "--seed",
                    "7",
                    "--no-cache",
                    "-o",
                    sound.toString());
            assertThat(generated.status()).as(generated.err()).isZero();
            made.add(sound);
        }
        assertThat(Files.size(made.getFirst())).isEqualTo(Files.size(made.getLast()));
    }

    @Test
    void unvalidatedTrainingSaysSoAndADivergedOneNamesUpdateAndPair() throws IOException {
        TrainCommand train = withPairs(2);
        Ran ran = train.run("unvalidated", "--max-steps", "1");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains("2 pairs to learn from, 0 to validate with")
                .contains("no validation:");

        Path layer = folder.resolve("unvalidated/projection.safetensors");
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(layer)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = Long.BYTES + numbers.getInt(0); at < numbers.limit(); at += Float.BYTES) {
            numbers.putFloat(at, Float.MAX_VALUE);
        }
        Files.write(layer, numbers.array());
        Ran diverged = train.run("diverged", "--max-steps", "9", "--init", layer.toString());
        assertThat(diverged.status()).as(diverged.err()).isEqualTo(1);
        assertThat(diverged.lastLine())
                .startsWith("error: the loss of item 1 in update 1 is NaN, at timestep ")
                .containsPattern(": 0[01][.]jpg with 0[01][.]flac$");
        assertThat(names("diverged/checkpoints")).containsExactly("step-0");
    }
}
