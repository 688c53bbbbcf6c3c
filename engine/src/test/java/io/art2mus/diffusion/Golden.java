package io.art2mus.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The reference's tensors of one file. */
record Golden(JsonNode header, MemorySegment data) {
    static Golden read(Arena arena, String name) {
        try (FileChannel file = FileChannel.open(Path.of("src/test/resources").resolve(name + ".safetensors"))) {
            MemorySegment mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
            long length = mapped.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            byte[] header = mapped.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
            return new Golden(new ObjectMapper().readTree(header), mapped.asSlice(8 + length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostTensor tensor(String key) {
        JsonNode entry = header.get(key);
        long[] extents = new long[entry.get("shape").size()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = entry.get("shape").get(i).asLong();
        }
        return new HostTensor(Shape.of(extents), bytes(entry));
    }

    double[] doubles(String key) {
        return bytes(header.get(key)).toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
    }

    private MemorySegment bytes(JsonNode entry) {
        long start = entry.get("data_offsets").get(0).asLong();
        return data.asSlice(start, entry.get("data_offsets").get(1).asLong() - start);
    }
}
