package io.art2mus.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A CUDA C++ source carried in this module's jar.
 *
 * @param fileName the file under {@code src/main/cuda}, for compiler messages
 * @param text its contents
 */
public record KernelSource(String fileName, String text) {
    /** SiLU and its gradient. */
    public static KernelSource silu() {
        return read("silu.cu");
    }

    private static KernelSource read(String fileName) {
        try (InputStream in = KernelSource.class.getResourceAsStream(fileName)) {
            if (in == null) {
                throw new IllegalStateException(fileName + " is not in the kernels jar; build the project again");
            }
            return new KernelSource(fileName, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
