package io.art2mus.model;

import java.util.stream.Stream;

class BackwardGoldenTest extends BackwardGoldenContract {
    static Stream<Device> devices() {
        return Stream.of(Device.REFERENCE, Device.CPU_F32, Device.CPU_BF16);
    }
}
