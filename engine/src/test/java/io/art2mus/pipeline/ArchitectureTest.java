package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that are fine by themselves and do not fit each other. */
class ArchitectureTest {
    private static final Path TINY = Golden.resource("tiny-audioldm2");

    @TempDir
    private Path folder;

    @BeforeEach
    void copyTheTinyCheckpoint() throws IOException {
        for (String file :
                new String[] {"model_index.json", "unet/config.json", "vae/config.json", "vocoder/config.json"}) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.copy(TINY.resolve(file), folder.resolve(file));
        }
    }

    @Test
    void latentsOfOtherChannelsAreRefused() throws IOException {
        replace("vae/config.json", "\"latent_channels\": 8", "\"latent_channels\": 16");
        requireRefused("in_channels is 8, the autoencoder's latent_channels 16", "unet/config.json");
    }

    @Test
    void melBandsThatTheAutoencoderCannotMakeAreRefused() throws IOException {
        replace("vocoder/config.json", "\"model_in_dim\": 64", "\"model_in_dim\": 66");
        requireRefused("model_in_dim is 66", "vocoder/config.json");
    }

    private void replace(String file, String from, String to) throws IOException {
        String changed = Files.readString(folder.resolve(file)).replace(from, to);
        Files.writeString(folder.resolve(file), changed);
    }

    private void requireRefused(String message, String file) {
        assertThatThrownBy(() -> Architecture.read(new Checkpoint(folder)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(file);
    }
}
