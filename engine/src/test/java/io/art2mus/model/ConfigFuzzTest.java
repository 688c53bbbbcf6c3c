package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.art2mus.Golden;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.diffusion.SchedulerConfig;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class ConfigFuzzTest {
    private static final List<Consumer<ModelConfig>> READERS = List.of(
            TUNetConfig::read,
            AutoencoderKlConfig::read,
            HifiGanConfig::read,
            Gpt2Config::read,
            SchedulerConfig::from,
            NoiseSchedule::from);

    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> configs() throws IOException {
        Stream.Builder<Named<byte[]>> configs = Stream.builder();
        for (String part : new String[] {"unet", "vae", "vocoder", "language_model", "scheduler"}) {
            String name = part.equals("scheduler") ? "scheduler_config.json" : "config.json";
            Path file = Golden.resource("tiny-audioldm2").resolve(part).resolve(name);
            configs.add(Named.of(part, Files.readAllBytes(file)));
        }
        return configs.build();
    }

    @ParameterizedTest
    @MethodSource("configs")
    void configIsReadByOneModel(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("config.json"), bytes);
        assertThat(READERS.stream().filter(reader -> isRead(reader, file))).isNotEmpty();
    }

    @MethodSource("configs")
    @FuzzTest
    void damagedConfigIsReadOrRefused(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("config.json"), bytes);
        READERS.forEach(reader -> isRead(reader, file));
    }

    private static boolean isRead(Consumer<ModelConfig> reader, Path file) {
        try {
            reader.accept(ModelConfig.read(file));
            return true;
        } catch (WeightsException refused) {
            assertThat(refused).message().hasLineCount(1);
            return false;
        }
    }
}
