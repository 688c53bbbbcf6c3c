package io.art2mus.cli.options;

import io.art2mus.ffi.cuda.Cuda;

/** What computes, by the names users give it. */
enum Device {
    /** The best there is: so far, the CPU. */
    AUTO,
    CPU,
    CUDA;

    static Device named(String name) {
        return switch (name) {
            case "auto" -> AUTO;
            case "cpu" -> CPU;
            case "cuda" -> CUDA;
            default -> throw new IllegalArgumentException("'" + name + "' is no device: give auto, cpu or cuda");
        };
    }

    /** A {@code RuntimeException} of one line where the device cannot be used. */
    void requireUsable() {
        if (this == CUDA) {
            Cuda.load();
            throw new DeviceException("--device cuda: this version computes on the CPU alone; choose auto or cpu");
        }
    }
}
