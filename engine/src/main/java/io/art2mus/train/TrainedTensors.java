package io.art2mus.train;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One float32 number for every trainable weight: the weights themselves, their gradients, or one of AdamW's moments. All tensors lie one
 * after the other in one segment, in the order of their names' declaration, so that what concerns every number is one loop and what is
 * saved is one run of bytes.
 */
public final class TrainedTensors {
    private static final long ALIGNMENT = 64;

    private final SequencedMap<String, HostTensor> byName = new LinkedHashMap<>();
    private final HostTensor all;

    /** Zeros of these shapes, owned by {@code arena}. */
    public TrainedTensors(Arena arena, SequencedMap<String, Shape> shapes) {
        long elements = shapes.values().stream().mapToLong(Shape::elements).sum();
        MemorySegment memory = arena.allocate(elements * Float.BYTES, ALIGNMENT);
        all = new HostTensor(Shape.of(elements), memory);
        long begin = 0;
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            long bytes = entry.getValue().elements() * Float.BYTES;
            byName.put(entry.getKey(), new HostTensor(entry.getValue(), memory.asSlice(begin, bytes)));
            begin += bytes;
        }
    }

    /** Every number as one vector, in the same memory. */
    public HostTensor all() {
        return all;
    }

    /** Each tensor by the name of its weight, in the same memory. */
    public SequencedMap<String, HostTensor> byName() {
        return byName;
    }

    /** Overwrites every number with 0. */
    public void clear() {
        all.data().fill((byte) 0);
    }

    /** Adds a tensor to the one of this name. */
    public void add(String name, HostTensor more) {
        HostTensor sum = byName.get(name);
        if (sum == null || !sum.shape().equals(more.shape())) {
            throw new IllegalArgumentException("no " + more.shape() + " can be added to " + name);
        }
        for (long i = 0; i < more.shape().elements(); i++) {
            sum.set(i, sum.get(i) + more.get(i));
        }
    }
}
