package io.art2mus.backend.cpu;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Liveness;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Memory of a plan's inputs, outputs and intermediate tensors. Parameters are {@link Weights}' affair. */
final class Tensors {
    private static final long ALIGNMENT = MemoryPlan.ALIGNMENT;

    private final Arena arena;
    private final DataType precision;
    private final Map<Value, Value> origins;
    private final Map<Value, MemorySegment> places = new HashMap<>();
    private final Map<String, CpuBuffer> inputs = new LinkedHashMap<>();
    private final Map<String, CpuBuffer> outputs = new LinkedHashMap<>();

    Tensors(Graph graph, MemoryPlan layout, Map<String, DeviceBuffer> bound, Arena arena, DataType precision) {
        this.arena = arena;
        this.precision = precision;
        origins = Liveness.origins(graph);
        MemorySegment activations = arena.allocate(Math.max(layout.bytes(), 1), ALIGNMENT);
        layout.places()
                .forEach((value, place) -> places.put(value, activations.asSlice(place.offset(), place.bytes())));
        graph.inputs().forEach((name, value) -> {
            CpuBuffer buffer = bound.containsKey(name) ? requireFits(name, value, bound.get(name)) : allocate(value);
            inputs.put(name, buffer);
            places.put(value, buffer.data());
        });
        graph.outputs().forEach((name, value) -> outputs.put(name, output(value)));
    }

    Map<String, CpuBuffer> inputs() {
        return inputs;
    }

    Map<String, CpuBuffer> outputs() {
        return outputs;
    }

    /** The value whose memory this one is: another one where it is only a reshaped name. */
    Value origin(Value value) {
        return origins.getOrDefault(value, value);
    }

    /** The bytes of an input or of what an operation made. */
    MemorySegment of(Value value) {
        MemorySegment place = places.get(origin(value));
        if (place == null) {
            throw new IllegalStateException("tensor " + value + " was given no memory");
        }
        return place;
    }

    /** How the elements of a value are stored in a plan of some precision. */
    static DataType type(Value value, DataType precision) {
        return switch (value.kind()) {
            case REAL -> precision;
            case FLOAT32 -> DataType.F32;
            case INDEX -> DataType.S32;
        };
    }

    private CpuBuffer output(Value value) {
        MemorySegment data =
                places.computeIfAbsent(origin(value), absent -> allocate(absent).data());
        return new CpuBuffer(value.shape(), type(value, precision), data);
    }

    private CpuBuffer allocate(Value value) {
        DataType type = type(value, precision);
        return new CpuBuffer(value.shape(), type, arena.allocate(value.shape().elements() * type.bytes(), ALIGNMENT));
    }

    private CpuBuffer requireFits(String name, Value value, DeviceBuffer bound) {
        if (!(bound instanceof CpuBuffer buffer)
                || !buffer.shape().equals(value.shape())
                || buffer.type() != type(value, precision)) {
            throw new IllegalArgumentException("input " + name + " is " + value.shape() + " in " + precision
                    + " on the CPU, it was bound to " + bound);
        }
        return buffer;
    }
}
