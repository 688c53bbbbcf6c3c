package io.art2mus.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A graph of operations in random order on random earlier results, with two inputs, reshapes of reshapes and two outputs. */
final class RandomGraph {
    private final RandomGenerator random;
    private final GraphBuilder builder = GraphBuilder.create("random", (path, shape) -> {
        throw new UnsupportedOperationException("no parameters");
    });
    private final List<Value> values = new ArrayList<>();

    private RandomGraph(RandomGenerator random) {
        this.random = random;
        values.add(builder.input("first", Shape.of(3, 40)));
        values.add(builder.input("second", Shape.of(1, 64)));
    }

    static Graph of(RandomGenerator random, int operations) {
        RandomGraph graph = new RandomGraph(random);
        for (int i = 0; i < operations; i++) {
            graph.values.add(graph.append());
        }
        graph.builder.output("last", graph.values.getLast());
        graph.builder.output("any", graph.any());
        return graph.builder.build();
    }

    private Value append() {
        Value x = any();
        long elements = x.shape().elements();
        return switch (random.nextInt(5)) {
            case 0 -> builder.tanh(x);
            case 1 -> builder.add(x, x);
            case 2 ->
                builder.slice(
                        x,
                        x.shape().rank() - 1,
                        0,
                        1 + random.nextLong(x.shape().last()));
            case 3 -> elements > 2000 ? builder.silu(x) : builder.concat(0, List.of(x, x));
            default -> builder.reshape(x, random.nextBoolean() ? new long[] {1, elements} : new long[] {elements, 1});
        };
    }

    /** Mostly a recent value, so that others die. */
    private Value any() {
        int back = Math.min(values.size(), random.nextInt(4) == 0 ? values.size() : 3);
        return values.get(values.size() - 1 - random.nextInt(back));
    }
}
