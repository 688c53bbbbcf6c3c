package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.art2mus.Tolerance;
import io.art2mus.graph.HostTensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWTest {
    private static final double LARGEST_NORM = 1;

    @ParameterizedTest
    @ValueSource(
            strings = {"train_art2mus_mse", "train_art2mus_snr_cfg", "train_art2mus_4_snr_cfg", "train_v_art2mus_snr"})
    void weightsMoveAsInPyTorch(String name) {
        try (Arena arena = Arena.ofConfined()) {
            TrainingGolden golden = new TrainingGolden(name, arena);
            AdamW optimizer = new AdamW(TrainingGolden.WEIGHT_DECAY);
            AdamW.Moments moments = new AdamW.Moments(golden.zeros(), golden.zeros());
            TrainedTensors weights = golden.trained("initial");
            for (int step = 0; step < TrainingGolden.STEPS; step++) {
                TrainedTensors gradients = golden.trained("step" + step + ".grad");
                double norm = AdamW.clip(gradients, LARGEST_NORM);
                assertThat(norm).isCloseTo(golden.number(step, "grad_norm"), within(1e-6 * norm));
                TrainedTensors before = weights;
                HostTensor started = copy(arena, before);
                optimizer.update(weights, gradients, moments, TrainingGolden.LEARNING_RATE, step + 1);
                TrainedTensors after = golden.trained("step" + step + ".after");
                Tolerance.TRAINED_CHANGE.requireWithin(
                        name + " step " + step + ", change of the weights",
                        difference(arena, weights.all(), started),
                        difference(arena, after.all(), started));
            }
        }
    }

    private static HostTensor copy(Arena arena, TrainedTensors tensors) {
        HostTensor copy = HostTensor.allocate(arena, tensors.all().shape());
        copy.data().copyFrom(tensors.all().data());
        return copy;
    }

    private static HostTensor difference(Arena arena, HostTensor to, HostTensor from) {
        HostTensor difference = HostTensor.allocate(arena, to.shape());
        for (long i = 0; i < to.shape().elements(); i++) {
            difference.set(i, to.get(i) - from.get(i));
        }
        return difference;
    }
}
