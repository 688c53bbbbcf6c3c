package io.art2mus.data;

import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsWriter;
import io.art2mus.weights.WeightWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A {@code .safetensors} file of float32 tensors that a test makes up. */
final class VectorFile {
    private VectorFile() {}

    /** The value at a position of a tensor. */
    interface Values {
        float at(String name, int index);
    }

    static Path write(Path file, Map<String, Shape> tensors, Values values) {
        List<WeightWriter.Declaration> declarations = tensors.entrySet().stream()
                .map(tensor -> new WeightWriter.Declaration(tensor.getKey(), DType.F32, tensor.getValue()))
                .toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, declarations)) {
            tensors.forEach((name, shape) -> {
                float[] floats = new float[Math.toIntExact(shape.elements())];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = values.at(name, i);
                }
                writer.write(name, MemorySegment.ofArray(floats));
            });
            writer.finish();
        }
        return file;
    }
}
