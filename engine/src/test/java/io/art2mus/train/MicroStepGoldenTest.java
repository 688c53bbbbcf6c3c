package io.art2mus.train;

import io.art2mus.model.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MicroStepGoldenTest extends MicroStepGoldenContract {
    @ParameterizedTest
    @MethodSource("trainings")
    void equalsPyTorchInDoublePrecision(Training training) {
        equalsPyTorch(training, Device.REFERENCE, false);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void equalsPyTorchInFloat32(Training training) {
        equalsPyTorch(training, Device.CPU_F32, false);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void equalsPyTorchWhereBlocksAreComputedAgain(Training training) {
        equalsPyTorch(training, Device.CPU_F32, true);
    }

    /** Guidance multiplies the rounding errors of two predictions, and where the loss is small, they are large beside the error. */
    @ParameterizedTest
    @MethodSource("trainings")
    void staysNearPyTorchInBfloat16(Training training) {
        equalsPyTorch(training, Device.CPU_BF16, false);
    }
}
