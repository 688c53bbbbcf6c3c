package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.art2mus.Golden;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseScheduleTest {
    private static final Path TINY = Golden.resource("tiny-audioldm2/scheduler/scheduler_config.json");
    private static final Path MINI = Golden.mini().resolve("scheduler/scheduler_config.json");

    @TempDir
    private Path folder;

    @Test
    void checkpointsConfigurationIsRead() {
        assertThat(NoiseSchedule.from(ModelConfig.read(TINY)).config())
                .isEqualTo(Schedules.of(PredictionType.EPSILON, TimestepSpacing.LEADING)
                        .config());
        assertThat(NoiseSchedule.from(ModelConfig.read(MINI)).config())
                .isEqualTo(Schedules.of(PredictionType.V_PREDICTION, TimestepSpacing.LEADING)
                        .config());
    }

    @Test
    void whatAnOlderConfigurationLeavesOutIsWhatDdimTakes() throws IOException {
        Path old = folder.resolve("scheduler_config.json");
        Files.writeString(old, """
                {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear"}""");
        NoiseSchedule schedule = NoiseSchedule.from(ModelConfig.read(old));
        assertThat(schedule.config())
                .isEqualTo(new SchedulerConfig(
                        1000,
                        0.0001,
                        0.02,
                        BetaSchedule.LINEAR,
                        PredictionType.EPSILON,
                        TimestepSpacing.LEADING,
                        0,
                        true));
        assertThat(schedule.alphaBar(0)).isEqualTo(0.9999, within(1e-7));
        assertThat(schedule.alphaBar(999)).as("of the DDPM paper's schedule").isEqualTo(4.0358e-5, within(1e-9));
        assertThat(schedule.alphaBar(-1)).as("set_alpha_to_one").isEqualTo(1);
    }

    @Test
    void sigmaIsInterpolatedBetweenTimesteps() {
        NoiseSchedule schedule = Schedules.of(PredictionType.EPSILON, TimestepSpacing.LINSPACE);
        assertThat(schedule.sigma(499.25))
                .isEqualTo(0.75 * schedule.sigma(499) + 0.25 * schedule.sigma(500), within(1e-12));
        assertThat(schedule.sigma(1000)).as("past the last trained").isEqualTo(schedule.sigma(999));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"scaled_linear\" | \"cosine\" | beta_schedule is \"cosine\", expected linear or scaled_linear",
                "\"epsilon\" | \"sample\" | prediction_type is \"sample\", expected epsilon or v_prediction",
                "\"leading\" | 3 | timestep_spacing is 3, expected a text",
                "0.0195 | -1 | beta_end is -1",
                "0.0195 | 1 | beta_end leaves no signal",
                "1000 | 100000000 | num_train_timesteps is 100000000",
                "\"steps_offset\": 1 | \"steps_offset\": 1000 | steps_offset is 1000",
                "\"clip_sample\": false | \"clip_sample\": true | clip_sample is true",
                "\"trained_betas\": null | \"trained_betas\": [0.1] | trained_betas are given",
                "\"num_train_timesteps\" | \"other\" | num_train_timesteps is missing",
            })
    void valuesThatCannotBeFollowedAreErrorsNamingFileAndKey(String from, String to, String message)
            throws IOException {
        Path changed = folder.resolve("scheduler_config.json");
        String text = Files.readString(TINY);
        assertThat(text).contains(from);
        Files.writeString(changed, text.replace(from, to));
        assertThatThrownBy(() -> NoiseSchedule.from(ModelConfig.read(changed)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("scheduler_config.json");
    }
}
