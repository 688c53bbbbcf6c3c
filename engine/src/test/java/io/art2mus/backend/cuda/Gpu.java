package io.art2mus.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.backend.Precision;
import io.art2mus.ffi.cuda.Cuda;

/** The GPU that tests tagged {@code gpu} run on: the emulated one, or with {@code -Drequire.gpu} a real one that must be there. */
public final class Gpu {
    private Gpu() {}

    /** Opens the GPU numbered by the property {@code art2mus.device}, without a cache; skips the test where none may be absent. */
    public static CudaBackend open(Precision precision) {
        assumeTrue(Boolean.getBoolean("require.gpu") || Cuda.status().available(), "there is a GPU, real or emulated");
        return CudaBackend.open(Integer.getInteger("art2mus.device", 0), precision, null);
    }
}
