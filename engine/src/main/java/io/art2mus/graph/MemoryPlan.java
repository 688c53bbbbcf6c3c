package io.art2mus.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where every intermediate tensor of a graph lies in one arena, so that tensors which are never alive together share bytes.
 *
 * <p>Greedy by size: the largest tensor is placed first, each at the lowest offset that is free for its whole life. Inputs,
 * parameters and outputs have memory of their own and are not in it.
 *
 * @param places offset and life of each placed value
 * @param bytes length of the arena
 */
public record MemoryPlan(Map<Value, Place> places, long bytes) {
    /** Offsets are multiples of this many bytes: a cache line, and what device libraries ask of an address. */
    public static final long ALIGNMENT = 256;

    /**
     * One tensor's bytes.
     *
     * @param offset first byte in the arena
     * @param bytes length
     * @param life first and last step that touch it
     */
    public record Place(long offset, long bytes, Liveness.Life life) {
        private long end() {
            return offset + bytes;
        }
    }

    /**
     * Lays out the intermediate tensors of {@code graph}.
     *
     * @param steps its operations in the order of execution; what lives inside of one step alone has no place
     * @param elementBytes bytes of an element in the plan's precision
     */
    public static MemoryPlan of(Graph graph, List<? extends Graph.Step> steps, int elementBytes) {
        Map<Value, Liveness.Life> lives = Liveness.of(graph, steps);
        List<Map.Entry<Value, Liveness.Life>> bySize = new ArrayList<>(lives.entrySet());
        bySize.sort(Comparator.comparingLong(entry -> -bytes(entry.getKey(), elementBytes)));

        Map<Value, Place> places = new LinkedHashMap<>();
        List<Place> byOffset = new ArrayList<>();
        long end = 0;
        for (Map.Entry<Value, Liveness.Life> entry : bySize) {
            long bytes = aligned(bytes(entry.getKey(), elementBytes));
            Place place = new Place(lowestFree(byOffset, entry.getValue(), bytes), bytes, entry.getValue());
            places.put(entry.getKey(), place);
            insert(byOffset, place);
            end = Math.max(end, place.end());
        }
        return new MemoryPlan(places, end);
    }

    private static long lowestFree(List<Place> byOffset, Liveness.Life life, long bytes) {
        long offset = 0;
        for (Place place : byOffset) {
            if (place.life().overlaps(life)) {
                if (place.offset() - offset >= bytes) {
                    return offset;
                }
                offset = Math.max(offset, place.end());
            }
        }
        return offset;
    }

    private static void insert(List<Place> byOffset, Place place) {
        int index = Collections.binarySearch(byOffset, place, Comparator.comparingLong(Place::offset));
        byOffset.add(index < 0 ? -index - 1 : index, place);
    }

    private static long bytes(Value value, int elementBytes) {
        return value.shape().elements() * (value.kind() == Value.Kind.REAL ? elementBytes : Float.BYTES);
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** One line a tensor, in the order they come to life: steps, bytes, shape. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        places.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().life().first()))
                .forEach(entry -> {
                    Place place = entry.getValue();
                    text.append("%6d … %-6d %12d + %-12d %s%n"
                            .formatted(
                                    place.life().first(),
                                    place.life().last(),
                                    place.offset(),
                                    place.bytes(),
                                    entry.getKey().shape()));
                });
        return text.append("arena %d bytes%n".formatted(bytes)).toString();
    }
}
