package io.art2mus.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.cli.Ran;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code art2mus train} does not begin: one line says why. */
class TrainRefusalsTest {
    private static final String PAIRS = "../samples/pairs";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--batch 0 | --batch is 0, expected 1 to 4096",
                "--accumulate 0 | --accumulate is 0",
                "--lr 0 | --lr is 0.0, expected more than 0.0",
                "--lr NaN | --lr is NaN",
                "--epochs 0 | --epochs is 0",
                "--max-steps 0 | --max-steps is 0",
                "--warmup -1 | --warmup is -1",
                "--schedule often | 'often' is no schedule",
                "--snr-gamma never | 'never' is neither a number nor off",
                "--loss-guidance 1 | --loss-guidance is 1.0, expected more than 1.0",
                "--variant audioldm2 | --variant is audioldm2, which has no image projection to train",
                "--clip-start -1 | --clip-start is -1.0, expected 0 or more seconds",
                "--validate-steps 0 | --validate-steps is 0",
                "--keep 0 | --keep is 0, expected 1 or more",
                "--seed 4294967296 | --seed is 4294967296",
                "-q -v | -q and -v contradict each other",
                "-q --memory | -q and --memory contradict each other",
                "--device cuda:one | 'cuda:one' is no device",
                "--resume nowhere | --resume: nowhere is no folder"
            })
    void badUsageIsNamedBeforeAnythingIsRead(String options, String message) {
        List<String> arguments = new ArrayList<>(List.of("train", "--pairs", PAIRS + "/pairs.csv"));
        arguments.addAll(List.of("--images", PAIRS, "--audio", PAIRS, "-o", folder.toString()));
        arguments.addAll(Arrays.asList(options.split(" ")));
        Ran ran = Ran.with(arguments.toArray(String[]::new));
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.lastLine()).startsWith("error: ").contains(message);
    }
}
