package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Tolerance;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.graph.HostTensor;
import io.art2mus.model.Device;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gpu")
class CudaProjectionTrainerTest extends ProjectionTrainerContract {
    private static final int UPDATES = 100;

    CudaProjectionTrainerTest() {
        super(Device.CUDA_F32);
    }

    @Test
    void lossNormAndWeightsFollowPyTorch() {
        requireAsPyTorch("train_art2mus_snr_cfg", 1, 3.5, 5.0);
    }

    @Test
    void aHundredUpdatesHoldNoMoreMemoryThanOne() {
        try (Arena arena = Arena.ofConfined();
                Training training = new Training(Device.CUDA_F16, arena, "train_art2mus_mse", 1, null, null, 1)) {
            CudaBackend gpu = (CudaBackend) training.backend();
            MicroBatch item = training.items(0, 0, 1);
            training.update(item);
            long counted = training.countedBytes();
            long free = gpu.freeBytes();
            for (int update = 1; update < UPDATES; update++) {
                training.update(item);
            }
            assertThat(gpu.freeBytes()).isEqualTo(free);
            assertThat(training.countedBytes()).isEqualTo(counted);
        }
    }

    @Test
    void float16FollowsPyTorchByMultipliedLosses() {
        try (Arena arena = Arena.ofConfined();
                Training training = new Training(Device.CUDA_F16, arena, "train_art2mus_mse", 1, null, null, ITEMS)) {
            for (int step = 0; step < TrainingGolden.STEPS; step++) {
                ProjectionTrainer.Update update = training.update(training.items(step, 0, ITEMS));
                Tolerance.PART_F16.requireWithin(
                        "step " + step + " in float16, loss",
                        relative(update.loss(), training.golden().number(step, "loss")));
                Tolerance.PART_F16.requireWithin(
                        "step " + step + " in float16, gradient norm",
                        relative(update.gradientNorm(), training.golden().number(step, "grad_norm")));
            }
            assertThat(training.state().lossScale()).isEqualTo(new LossScale(1 << 16, TrainingGolden.STEPS));
        }
    }

    @Test
    void anUpdateThatOverflowsIsMadeAgainWithSmallerLosses() {
        LossScale largest = new LossScale(1 << 24, 0);
        try (Arena arena = Arena.ofConfined();
                Training one = new Training(Device.CUDA_F16, arena, "train_art2mus_mse", 1, null, null, ITEMS);
                Training other = new Training(Device.CUDA_F16, arena, "train_art2mus_mse", 1, null, null, ITEMS)) {
            double norm = one.update(farFromItsTarget(one)).gradientNorm();
            assertThat(one.state().lossScale()).isEqualTo(LossScale.FIRST.afterUpdate());
            other.state().resumeAt(0, largest);
            double again = other.update(farFromItsTarget(other)).gradientNorm();
            LossScale found = other.state().lossScale();
            System.out.printf("loss scale that 2^24 is halved to: 2^%d%n", Math.getExponent(found.factor()));
            assertThat(found.factor()).isLessThan(largest.factor());
            assertThat(found.updates()).isOne();
            Tolerance.PART_F16.requireWithin("gradient norm of the update that was made again", relative(again, norm));
        }
    }

    private static MicroBatch farFromItsTarget(Training training) {
        MicroBatch items = training.items(0, 0, ITEMS);
        HostTensor target = items.target();
        for (long i = 0; i < target.shape().elements(); i++) {
            target.set(i, 64 * target.get(i));
        }
        return items;
    }
}
