package io.art2mus.model;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class CudaBackwardGoldenTest extends BackwardGoldenContract {
    static Stream<Device> devices() {
        return Stream.of(Device.CUDA_F32, Device.CUDA_F16);
    }
}
