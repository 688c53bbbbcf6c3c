package io.art2mus.backend.cuda;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Liveness;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Value;
import io.art2mus.kernels.Elements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Device memory of a plan's inputs, outputs and intermediate tensors. Parameters are {@link Weights}' affair. */
final class Tensors {
    private final DeviceArena arena;
    private final Staging staging;
    private final Elements elements;
    private final Map<Value, Fused.View> views;
    private final Map<Value, Value> origins;
    private final Map<Value, DeviceArena.Room> places = new HashMap<>();
    private final List<DeviceArena.Room> owned = new ArrayList<>();
    private final Map<String, CudaBuffer> inputs = new LinkedHashMap<>();
    private final Map<String, CudaBuffer> outputs = new LinkedHashMap<>();

    /**
     * A tensor as strided memory.
     *
     * @param address of its first element
     * @param strides elements between neighbours along each axis
     */
    record Strided(long address, List<Long> strides) {}

    Tensors(
            Graph graph,
            Fused fused,
            MemoryPlan layout,
            Map<String, DeviceBuffer> bound,
            DeviceArena arena,
            Staging staging,
            Elements elements) {
        this.arena = arena;
        this.staging = staging;
        this.elements = elements;
        views = fused.views();
        origins = Liveness.origins(graph);
        DeviceArena.Room activations = arena.allocate(Math.max(layout.bytes(), 1));
        layout.places()
                .forEach((value, place) -> places.put(
                        value,
                        new DeviceArena.Room(
                                activations.memory(), activations.offset() + place.offset(), place.bytes())));
        graph.inputs().forEach((name, value) -> {
            CudaBuffer buffer = bound.containsKey(name) ? requireFits(name, value, bound.get(name)) : buffer(value);
            inputs.put(name, buffer);
            places.put(value, buffer.room());
        });
        graph.outputs().forEach((name, value) -> outputs.put(name, output(value)));
    }

    /** Bytes of activations, and of inputs and outputs that are not bound. */
    static long expectedBytes(Graph graph, MemoryPlan layout, Map<String, DeviceBuffer> bound, Elements elements) {
        long inputs = graph.inputs().entrySet().stream()
                .filter(input -> !bound.containsKey(input.getKey()))
                .mapToLong(input -> DeviceArena.aligned(bytes(input.getValue(), elements)))
                .sum();
        long outputs = graph.outputs().values().stream()
                .mapToLong(output -> DeviceArena.aligned(bytes(output, elements)))
                .sum();
        return DeviceArena.aligned(Math.max(layout.bytes(), 1)) + inputs + outputs;
    }

    Map<String, CudaBuffer> inputs() {
        return inputs;
    }

    Map<String, CudaBuffer> outputs() {
        return outputs;
    }

    /** Appends to {@code stream}: zeros in all inputs that are not bound, so that a position read before it is set is one of the table's. */
    void clearInputs(CudaStream stream) {
        owned.forEach(room -> room.memory().clear(stream, room.offset(), room.bytes()));
    }

    /** The value whose memory this one is: another one where it is only a reshaped name. */
    Value origin(Value value) {
        return origins.getOrDefault(value, value);
    }

    /** Address of an input or of what an operation made, row-major without gaps. */
    long address(Value value) {
        DeviceArena.Room room = places.get(origin(value));
        if (room == null) {
            throw new IllegalStateException("tensor " + value + " was given no memory");
        }
        return room.address();
    }

    boolean isView(Value value) {
        return views.containsKey(value);
    }

    /** A part of a tensor in its place. */
    Strided view(Value part) {
        Fused.View view = views.get(part);
        if (view == null) {
            throw new IllegalStateException(part + " is no part of another tensor");
        }
        long address = address(view.base()) + view.offset() * elements.bytes();
        return new Strided(address, view.base().shape().strides());
    }

    /** How the numbers of a tensor are stored; positions are as long as a float32. */
    static Elements elements(Value value, Elements real) {
        return switch (value.kind()) {
            case REAL -> real;
            case FLOAT32, INDEX -> Elements.F32;
        };
    }

    private static long bytes(Value value, Elements real) {
        return value.shape().elements() * elements(value, real).bytes();
    }

    private CudaBuffer output(Value value) {
        DeviceArena.Room room =
                places.computeIfAbsent(origin(value), absent -> arena.allocate(bytes(absent, elements)));
        return new CudaBuffer(value.shape(), elements(value, elements), room, staging);
    }

    private CudaBuffer buffer(Value value) {
        DeviceArena.Room room = arena.allocate(bytes(value, elements));
        owned.add(room);
        return new CudaBuffer(value.shape(), elements(value, elements), room, staging);
    }

    private CudaBuffer requireFits(String name, Value value, DeviceBuffer bound) {
        if (!(bound instanceof CudaBuffer buffer)
                || !buffer.shape().equals(value.shape())
                || buffer.elements() != elements(value, elements)) {
            throw new IllegalArgumentException("input " + name + " is " + value.shape() + " in "
                    + elements(value, elements)
                    + " on the GPU, it was bound to " + bound);
        }
        return buffer;
    }
}
