package io.art2mus.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@code .safetensors} file. Tensors lie by descending element size, so that every one begins on a multiple of its own
 * behind a header that is padded to 8 bytes; within one size they keep the order of their declaration.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index#format">the format</a>
 */
public final class SafetensorsWriter implements WeightWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final WrittenFile file;
    private final Map<String, Long> positions;

    private SafetensorsWriter(WrittenFile file, Map<String, Long> positions) {
        this.file = file;
        this.positions = positions;
    }

    /** Creates a file with its header; a {@link WeightsException} where that is not possible. */
    public static SafetensorsWriter create(Path path, List<Declaration> tensors) {
        List<Declaration> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt(tensor -> -tensor.dtype().bytes()));
        byte[] header = header(ordered);
        Map<String, Long> positions = new HashMap<>();
        long position = Long.BYTES + (long) header.length;
        for (Declaration tensor : ordered) {
            positions.put(tensor.name(), position);
            position += tensor.bytes();
        }
        WrittenFile file = WrittenFile.create(path, tensors);
        try {
            ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
            file.write(0, start.putLong(header.length).put(header).flip());
            return new SafetensorsWriter(file, positions);
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private static byte[] header(List<Declaration> tensors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            // transformers refuses a file that does not say whose layout it has.
            json.writeObjectFieldStart("__metadata__");
            json.writeStringField("format", "pt");
            json.writeEndObject();
            long offset = 0;
            for (Declaration tensor : tensors) {
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.dtype().name());
                json.writeFieldName("shape");
                json.writeArray(tensor.shape().extents(), 0, tensor.shape().rank());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {offset, offset + tensor.bytes()}, 0, 2);
                json.writeEndObject();
                offset += tensor.bytes();
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        int padding = Math.floorMod(-bytes.size(), Long.BYTES);
        bytes.writeBytes(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    @Override
    public void write(String name, Bytes bytes) {
        file.write(name, positions.getOrDefault(name, 0L), bytes, part -> {});
    }

    @Override
    public void finish() {
        file.requireWhole();
        file.close();
    }

    @Override
    public void close() {
        file.close();
    }
}
