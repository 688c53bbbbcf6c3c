package io.art2mus.benchmarks.subject;

import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import io.art2mus.graph.Value;
import io.art2mus.pipeline.Checkpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The T-UNet's operations, each kind and shape once, as a graph of its own. */
final class Operations {
    private Operations() {}

    /** One for each kind and shape in the order of the network, with the number of times it happens there. */
    static List<Subject> all(Checkpoint checkpoint) {
        try (HandleScope scope = new HandleScope()) {
            Graph graph = Networks.tUnetGraphs(scope, checkpoint).every();
            Map<String, Integer> counts = new LinkedHashMap<>();
            Map<String, String> places = new HashMap<>();
            for (Graph.Node node : graph.nodes()) {
                if (!(node.op() instanceof Op.Reshape)) {
                    counts.merge(name(node.op()), 1, Integer::sum);
                    places.putIfAbsent(name(node.op()), node.path());
                }
            }
            List<Subject> subjects = new ArrayList<>();
            counts.forEach((name, count) -> subjects.add(new Subject(
                    name,
                    count + " in a T-UNet call, the first at " + places.get(name),
                    count,
                    Suits.EVERY_DEVICE,
                    machine -> open(machine, name))));
            return subjects;
        }
    }

    /** Kind, operands and result: {@code operations/linear/2x4096x128/128x128/2x4096x128}. Biases follow from the rest. */
    private static String name(Op op) {
        return "operations/" + op.getClass().getSimpleName().toLowerCase(Locale.ROOT) + "/"
                + op.operands().stream()
                        .map(Value::shape)
                        .filter(shape -> shape.rank() > 1)
                        .map(Operations::extents)
                        .collect(Collectors.joining("/"))
                + "/" + extents(op.result());
    }

    private static String extents(Shape shape) {
        return LongStream.of(shape.extents()).mapToObj(Long::toString).collect(Collectors.joining("x"));
    }

    private static Opened open(Machine machine, String name) {
        try (HandleScope opening = new HandleScope()) {
            var backend = opening.own(machine.open());
            Graph network = Networks.tUnetGraphs(opening, machine.checkpoint()).every();
            Graph.Node node = network.nodes().stream()
                    .filter(candidate -> name(candidate.op()).equals(name))
                    .findFirst()
                    .orElseThrow();
            return PlannedCall.of(opening.release(), backend, alone(network, node), Optional.empty());
        }
    }

    /** A graph of one of another graph's operations, with the same parameters. */
    static Graph alone(Graph network, Graph.Node node) {
        GraphBuilder builder = GraphBuilder.create(node.path(), (path, _) -> {
            throw new ShapeException("no parameter " + path + " is asked for by name");
        });
        builder.output("result", new Copy(network, builder).of(node.op()));
        return builder.build();
    }

    /** An operation in another graph: parameters stay parameters, all else is an input. */
    private record Copy(Graph network, GraphBuilder builder, Map<Value, Value> values) {
        Copy(Graph network, GraphBuilder builder) {
            this(network, builder, new HashMap<>());
        }

        Value of(Op op) {
            return builder.like(op, this::of);
        }

        private Value of(Value value) {
            return values.computeIfAbsent(value, absent -> {
                var parameter = network.parameters().get(absent);
                if (parameter != null) {
                    return builder.constant(parameter);
                }
                String name = "operand " + values.size();
                return switch (absent.kind()) {
                    case REAL -> builder.input(name, absent.shape());
                    case FLOAT32 -> builder.float32Input(name, absent.shape());
                    case INDEX -> builder.indexInput(name);
                };
            });
        }
    }
}
