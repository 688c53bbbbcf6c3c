package io.art2mus.weights;

import io.art2mus.graph.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Safetensors files written by hand, lies included. */
public final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** A file of float32 tensors, in the order of the map. */
    public static byte[] of(Map<String, HostTensor> tensors) {
        List<String> entries = new ArrayList<>();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        tensors.forEach((name, tensor) -> {
            int start = data.size();
            data.writeBytes(tensor.data().toArray(ValueLayout.JAVA_BYTE));
            entries.add("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(name, tensor.shape(), start, data.size()));
        });
        return aligned("{" + String.join(",", entries) + "}", data.toByteArray());
    }

    /** A file whose header is {@code json}, with {@code data} after it. */
    static byte[] of(String json, byte... data) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return withLength(header.length, json, data);
    }

    /** As above, the data beginning on a multiple of 8 bytes, as every writer of today takes care. */
    static byte[] aligned(String json, byte... data) {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return of(json + " ".repeat(Math.floorMod(-length, Long.BYTES)), data);
    }

    /** As {@link #of}, with a header length of the caller's. */
    static byte[] withLength(long length, String json, byte... data) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header)
                .put(data)
                .array();
    }

    /** Little-endian float32 values. */
    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** Writes a file and returns it. */
    public static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
