package io.art2mus.checkpoint;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes down which parameters the graphs of a network ask for: what they want is what a checkpoint has to hold. */
final class RecordedTensors implements ParameterSource {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Arena arena;
    /** Stands behind every parameter: views of one may be taken, and nothing reads it. */
    private MemorySegment elements = MemorySegment.NULL;

    private RecordedTensors(Arena arena) {
        this.arena = arena;
    }

    /** The parameters that {@code graphs} takes while it builds, in that order. */
    static List<NewTensor> of(Consumer<ParameterSource> graphs) {
        try (Arena arena = Arena.ofConfined()) {
            RecordedTensors recorded = new RecordedTensors(arena);
            graphs.accept(recorded);
            return recorded.shapes.entrySet().stream()
                    .map(asked -> NewTensor.of(asked.getKey(), asked.getValue().extents()))
                    .toList();
        }
    }

    @Override
    public Parameter parameter(String path, Shape expected) {
        Shape before = shapes.putIfAbsent(path, expected);
        if (before != null && !before.equals(expected)) {
            throw new IllegalStateException(path + " is asked for as " + before + " and as " + expected);
        }
        long bytes = expected.elements() * DType.BF16.bytes();
        if (elements.byteSize() < bytes) {
            elements = arena.allocate(bytes);
        }
        return Parameter.contiguous(path, DType.BF16, expected, elements);
    }
}
