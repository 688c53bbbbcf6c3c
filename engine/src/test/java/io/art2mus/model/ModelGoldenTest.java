package io.art2mus.model;

import java.util.stream.Stream;

class ModelGoldenTest extends ModelGoldenContract {
    static Stream<Device> devices() {
        return Stream.of(Device.REFERENCE, Device.CPU_F32, Device.CPU_BF16);
    }
}
