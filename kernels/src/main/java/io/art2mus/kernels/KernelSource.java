package io.art2mus.kernels;

import io.art2mus.ffi.UserCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A CUDA C++ source carried in this module's jar, and what {@code nvcc} made of it where it was there when the jar was built.
 *
 * @param name the file under {@code src/main/cuda} without its ending
 */
record KernelSource(String name) {
    private static final List<String> HEADERS =
            List.of("attention.cuh", "attention_f32.cuh", "device.cuh", "elements.cuh", "group_norm.cuh");

    private static final int DIGEST_LENGTH = 16;

    /** The file's name, for compiler messages. */
    String fileName() {
        return name + ".cu";
    }

    /** Its contents. */
    String text() {
        return text(fileName());
    }

    /** What sources include, by name. */
    static Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>();
        HEADERS.forEach(header -> headers.put(header, text(header)));
        return headers;
    }

    /** Machine code for several architectures, made of this very text; empty where the jar was built without {@code nvcc}. */
    Optional<byte[]> fatBinary() {
        return read(fatBinaryName());
    }

    /** As {@code compile-kernels} names it: by what it was compiled from, so that what an older build left behind is not taken. */
    String fatBinaryName() {
        String digest = UserCache.nameOf(text() + String.join("", headers().values()));
        return name + "." + digest.substring(0, DIGEST_LENGTH) + ".fatbin";
    }

    private static String text(String file) {
        return read(file)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElseThrow(
                        () -> new IllegalStateException(file + " is not in the kernels jar; build the project again"));
    }

    private static Optional<byte[]> read(String file) {
        try (InputStream in = KernelSource.class.getResourceAsStream(file)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
