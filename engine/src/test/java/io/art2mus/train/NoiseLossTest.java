package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.graph.HostTensor;
import io.art2mus.weights.ModelConfig;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseLossTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "train_art2mus_mse, epsilon, ",
        "train_art2mus_snr_cfg, epsilon, 5",
        "train_art2mus_4_snr_cfg, epsilon, 5",
        "train_v_art2mus_snr, v_prediction, 5"
    })
    void noisedLatentsTargetsAndLossesEqualPyTorch(String name, String prediction, Double gamma) throws Exception {
        NoiseLoss loss =
                new NoiseLoss(schedule(prediction), gamma == null ? OptionalDouble.empty() : OptionalDouble.of(gamma));
        boolean velocity = prediction.equals("v_prediction");
        try (Arena arena = Arena.ofConfined()) {
            TrainingGolden golden = new TrainingGolden(name, arena);
            for (int step = 0; step < TrainingGolden.STEPS; step++) {
                String where = name + " step " + step;
                HostTensor latents = golden.tensor(step, "latents");
                HostTensor noise = golden.tensor(step, "noise");
                HostTensor made = HostTensor.allocate(arena, latents.shape());
                loss.noise(latents, noise, golden.timesteps(step), made);
                Tolerance.OPERATION_F32.requireWithin(where + ", noised", made, golden.tensor(step, "noisy"));
                loss.target(latents, noise, golden.timesteps(step), made);
                HostTensor target = velocity ? golden.tensor(step, "target") : noise;
                Tolerance.OPERATION_F32.requireWithin(where + ", target", made, target);
                double weighted = weighted(loss, golden.tensor(step, "prediction"), made, golden.timesteps(step));
                assertThat(weighted).as(where).isCloseTo(golden.number(step, "loss"), within(1e-6 * weighted));
            }
        }
    }

    /** Mean over the items of what each counts for, from PyTorch's own prediction. */
    private static double weighted(NoiseLoss loss, HostTensor prediction, HostTensor target, int[] timesteps) {
        long item = target.shape().elements() / timesteps.length;
        double sum = 0;
        for (long i = 0; i < target.shape().elements(); i++) {
            double error = (double) prediction.get(i) - target.get(i);
            sum += loss.weight(timesteps[(int) (i / item)]) * error * error;
        }
        return sum / target.shape().elements();
    }

    /** The small checkpoint's, predicting what is asked. */
    private NoiseSchedule schedule(String prediction) throws Exception {
        Path published = Golden.resource("tiny-audioldm2/scheduler/scheduler_config.json");
        String config = Files.readString(published)
                .replaceFirst("(\"prediction_type\"\\s*:\\s*)\"[a-z_]+\"", "$1\"" + prediction + "\"");
        return NoiseSchedule.from(ModelConfig.read(Files.writeString(folder.resolve("scheduler_config.json"), config)));
    }
}
