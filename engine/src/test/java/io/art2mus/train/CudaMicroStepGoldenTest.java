package io.art2mus.train;

import io.art2mus.model.Device;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("gpu")
class CudaMicroStepGoldenTest extends MicroStepGoldenContract {
    @ParameterizedTest
    @MethodSource("trainings")
    void equalsPyTorchInFloat32(Training training) {
        equalsPyTorch(training, Device.CUDA_F32, false);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void staysNearPyTorchInFloat16WithMultipliedLosses(Training training) {
        equalsPyTorch(training, Device.CUDA_F16, false);
    }

    @Test
    void equalsPyTorchWhereBlocksAreComputedAgain() {
        equalsPyTorch(trainings().toList().get(1), Device.CUDA_F32, true);
    }
}
