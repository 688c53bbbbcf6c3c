package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.art2mus.Tolerance;
import io.art2mus.backend.Trainable;
import io.art2mus.graph.HostTensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
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
            AdamW adamW = new AdamW(TrainingGolden.WEIGHT_DECAY, LARGEST_NORM);
            TrainedTensors weights = golden.trained("initial");
            Trainable trained = trained(golden, weights.all());
            for (int step = 0; step < TrainingGolden.STEPS; step++) {
                TrainedTensors gradients = golden.trained("step" + step + ".grad");
                HostTensor started = copy(arena, weights);
                double norm =
                        AdamW.update(trained, gradients.all(), adamW.step(TrainingGolden.LEARNING_RATE, step + 1, 1));
                assertThat(norm).isCloseTo(golden.number(step, "grad_norm"), within(1e-6 * norm));
                TrainedTensors after = golden.trained("step" + step + ".after");
                Tolerance.TRAINED_CHANGE.requireWithin(
                        name + " step " + step + ", change of the weights",
                        difference(arena, weights.all(), started),
                        difference(arena, after.all(), started));
            }
        }
    }

    @Test
    void gradientsOfMultipliedLossesMoveWeightsAsTheirOwn() {
        try (Arena arena = Arena.ofConfined()) {
            TrainingGolden golden = new TrainingGolden("train_art2mus_mse", arena);
            AdamW adamW = new AdamW(TrainingGolden.WEIGHT_DECAY, LARGEST_NORM);
            HostTensor plain = golden.trained("initial").all();
            HostTensor multiplied = golden.trained("initial").all();
            HostTensor gradients = golden.trained("step0.grad").all();
            double norm = AdamW.update(trained(golden, plain), gradients, adamW.step(1e-3, 1, 1));
            for (long i = 0; i < gradients.shape().elements(); i++) {
                gradients.set(i, 1024 * gradients.get(i));
            }
            assertThat(AdamW.update(trained(golden, multiplied), gradients, adamW.step(1e-3, 1, 1024)))
                    .isCloseTo(norm, within(1e-12 * norm));
            Tolerance.OPERATION_F64.requireWithin("weights after multiplied losses", multiplied, plain);
        }
    }

    @Test
    void gradientsThatAreNotFiniteMoveNothing() {
        try (Arena arena = Arena.ofConfined()) {
            TrainingGolden golden = new TrainingGolden("train_art2mus_mse", arena);
            HostTensor weights = golden.trained("initial").all();
            HostTensor gradients = golden.trained("step0.grad").all();
            gradients.set(1, Float.POSITIVE_INFINITY);
            double norm = AdamW.update(trained(golden, weights), gradients, new AdamW(0, 1).step(1e-3, 1, 1));
            assertThat(norm).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(weights.data().mismatch(golden.trained("initial").all().data()))
                    .isEqualTo(-1);
        }
    }

    private static Trainable trained(TrainingGolden golden, HostTensor weights) {
        return new Trainable(
                new LinkedHashMap<>(),
                weights,
                golden.zeros().all(),
                golden.zeros().all());
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
