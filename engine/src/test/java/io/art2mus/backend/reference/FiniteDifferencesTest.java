package io.art2mus.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.DType;
import io.art2mus.graph.Gradients;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector-Jacobian product against central differences, in double precision. */
class FiniteDifferencesTest {
    private static final double STEP = 1e-5;
    private static final double LIMIT = 1e-8;

    /**
     * A function of some inputs.
     *
     * @param shapes of the inputs that get a gradient
     * @param build appends the operations
     */
    record Case(String name, List<Shape> shapes, BiFunction<GraphBuilder, List<Value>, Value> build) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(convolutions(), products(), attentions(), normalisations(), functions(), movements(), chains())
                .flatMap(List::stream);
    }

    private static List<Case> convolutions() {
        return List.of(
                convolution("3×3, equal padding", Shape.of(2, 5, 4, 3), 3, Window.square(1, 1)),
                convolution("1×1", Shape.of(1, 3, 2, 4), 1, Window.square(1, 0)),
                convolution("stride 2, even height, odd width", Shape.of(1, 6, 5, 2), 3, Window.square(2, 1)),
                convolution("stride 2, zeros after", Shape.of(1, 6, 5, 2), 3, new Window(2, 2, 1, 1, 0, 0, 1, 1)),
                of(
                        "transposed convolution",
                        List.of(Shape.of(1, 1, 5, 3)),
                        (graph, x) -> graph.convTranspose2d(
                                x.getFirst(), graph.parameter("w", 3, 2, 1, 4), null, Window.alongWidth(2, 1, 1))));
    }

    private static Case convolution(String name, Shape x, long kernel, Window window) {
        return of(
                "convolution, " + name,
                List.of(x),
                (graph, in) -> graph.conv2d(
                        in.getFirst(),
                        graph.parameter("w", 3, x.last(), kernel, kernel),
                        graph.parameter("b", 3),
                        window));
    }

    private static List<Case> products() {
        return List.of(
                of(
                        "linear, to input, weight and bias",
                        List.of(Shape.of(2, 3, 5), Shape.of(4, 5), Shape.of(4)),
                        (graph, x) -> graph.linear(x.get(0), x.get(1), x.get(2))),
                of(
                        "linear, frozen",
                        List.of(Shape.of(3, 5)),
                        (graph, x) -> graph.linear(x.getFirst(), graph.parameter("w", 2, 5), null)));
    }

    private static List<Case> attentions() {
        List<Shape> cross = List.of(Shape.of(2, 3, 6), Shape.of(2, 5, 6), Shape.of(2, 5, 6));
        List<Shape> own = List.of(Shape.of(2, 4, 6), Shape.of(2, 4, 6), Shape.of(2, 4, 6));
        return List.of(
                of("attention", cross, (graph, x) -> graph.attention(x.get(0), x.get(1), x.get(2), null, 2, 0.6f)),
                of(
                        "attention, bias of each row",
                        cross,
                        (graph, x) -> graph.attention(
                                x.get(0), x.get(1), x.get(2), graph.parameter("bias", 2, 1, 5), 3, 0.6f)),
                of(
                        "attention, queries alone",
                        List.of(Shape.of(2, 3, 6)),
                        (graph, x) -> graph.attention(
                                x.getFirst(),
                                graph.parameter("k", 2, 5, 6),
                                graph.parameter("v", 2, 5, 6),
                                graph.parameter("bias", 1, 3, 5),
                                2,
                                0.6f)),
                of(
                        "attention, values alone",
                        List.of(Shape.of(2, 5, 6)),
                        (graph, x) -> graph.attention(
                                graph.parameter("q", 2, 3, 6),
                                graph.parameter("k", 2, 5, 6),
                                x.getFirst(),
                                null,
                                2,
                                0.6f)),
                of(
                        "attention, of one tensor to itself",
                        List.of(Shape.of(1, 4, 6)),
                        (graph, x) -> graph.attention(x.getFirst(), x.getFirst(), x.getFirst(), null, 2, 0.6f)),
                of(
                        "causal attention",
                        own,
                        (graph, x) -> graph.causalAttention(x.get(0), x.get(1), x.get(2), null, 2, 0.6f)),
                of(
                        "causal attention, bias",
                        own,
                        (graph, x) -> graph.causalAttention(
                                x.get(0), x.get(1), x.get(2), graph.parameter("bias", 1, 1, 4), 2, 0.6f)));
    }

    private static List<Case> normalisations() {
        return List.of(
                groupNorm("one group", Shape.of(2, 3, 2, 6), 1),
                groupNorm("groups of two", Shape.of(2, 3, 2, 6), 3),
                groupNorm("a group a channel", Shape.of(1, 3, 2, 3), 3),
                of(
                        "layer norm",
                        List.of(Shape.of(2, 3, 7)),
                        (graph, x) -> graph.layerNorm(
                                x.getFirst(), graph.parameter("scale", 7), graph.parameter("shift", 7), 1e-5f)));
    }

    private static Case groupNorm(String name, Shape x, int groups) {
        return of(
                "group norm, " + name,
                List.of(x),
                (graph, in) -> graph.groupNorm(
                        in.getFirst(),
                        graph.parameter("scale", x.last()),
                        graph.parameter("shift", x.last()),
                        groups,
                        1e-5f));
    }

    private static List<Case> functions() {
        Shape shape = Shape.of(2, 3, 5);
        return List.of(
                of("silu", List.of(shape), (graph, x) -> graph.silu(graph.scale(x.getFirst(), 3))),
                of("gelu", List.of(shape), (graph, x) -> graph.gelu(graph.scale(x.getFirst(), 3))),
                of(
                        "tanh approximation of gelu",
                        List.of(shape),
                        (graph, x) -> graph.geluTanh(graph.scale(x.getFirst(), 3))),
                of("tanh", List.of(shape), (graph, x) -> graph.tanh(graph.scale(x.getFirst(), 3))),
                of("geglu", List.of(Shape.of(2, 3, 10)), (graph, x) -> graph.geglu(graph.scale(x.getFirst(), 3))));
    }

    private static List<Case> movements() {
        return List.of(
                of(
                        "add, of equal shapes",
                        List.of(Shape.of(2, 3), Shape.of(2, 3)),
                        (graph, x) -> graph.add(x.get(0), x.get(1))),
                of(
                        "add, a row repeated along two axes",
                        List.of(Shape.of(2, 3, 4), Shape.of(1, 3, 1)),
                        (graph, x) -> graph.add(x.get(0), x.get(1))),
                of("add, a tensor to itself", List.of(Shape.of(2, 3)), (graph, x) -> graph.add(x.get(0), x.get(0))),
                of(
                        "concat, one part twice and one frozen",
                        List.of(Shape.of(2, 3, 2), Shape.of(2, 1, 2)),
                        (graph, x) ->
                                graph.concat(1, List.of(x.get(0), graph.parameter("p", 2, 2, 2), x.get(1), x.get(0)))),
                of("slice", List.of(Shape.of(2, 5, 3)), (graph, x) -> graph.slice(x.getFirst(), 1, 1, 3)),
                of(
                        "up-sampling to an odd height",
                        List.of(Shape.of(2, 3, 2, 2)),
                        (graph, x) -> graph.upsampleNearest(x.getFirst(), 5, 4)),
                of("reshape", List.of(Shape.of(2, 6)), (graph, x) -> graph.reshape(x.getFirst(), 3, 4)),
                of("mean squared error", List.of(Shape.of(3, 2, 5)), (graph, x) -> {
                    Value prediction = float32(graph, x.getFirst());
                    Value target = float32(graph, graph.parameter("target", 3, 2, 5));
                    return graph.training(() -> new TrainingOp.MeanSquaredError(prediction, target));
                }));
    }

    private static Value float32(GraphBuilder graph, Value value) {
        return graph.training(() -> new TrainingOp.Convert(value, Value.Kind.FLOAT32));
    }

    private static List<Case> chains() {
        return List.of(of(
                "a value that three operations read, and a branch that leads nowhere",
                List.of(Shape.of(2, 4)),
                (graph, x) -> {
                    Value activated = graph.silu(x.getFirst());
                    graph.tanh(activated);
                    Value product = graph.linear(activated, graph.parameter("w", 4, 4), null);
                    return graph.add(graph.add(product, activated), graph.scale(activated, -2));
                }));
    }

    private static Case of(String name, List<Shape> shapes, BiFunction<GraphBuilder, List<Value>, Value> build) {
        return new Case(name, shapes, build);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientEqualsCentralDifferences(Case function) {
        try (Arena arena = Arena.ofConfined()) {
            Differentiated differentiated = new Differentiated(function, arena);
            List<double[]> gradients = differentiated.gradients();
            for (int input = 0; input < gradients.size(); input++) {
                double error = relativeError(gradients.get(input), differentiated.differences(input));
                System.out.printf("%s, input %d: %.1e (limit %.0e)%n", function.name(), input, error, LIMIT);
                assertThat(error).as(function.name()).isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    private static double relativeError(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            reference += expected[i] * expected[i];
        }
        return Math.sqrt(difference / reference);
    }

    /** A function with the way back, both evaluated without rounding anything to float32. */
    private static final class Differentiated {
        private final SplittableRandom random = new SplittableRandom(5);
        private final Graph graph;
        private final Map<Value, Tensor> parameters = new HashMap<>();
        private final List<Value> inputs = new ArrayList<>();
        private final List<Tensor> points = new ArrayList<>();
        private final Value result;
        private final Tensor seed;
        private final Value seedInput;
        private final List<Value> gradients;

        Differentiated(Case function, Arena arena) {
            GraphBuilder builder = GraphBuilder.create("case", (path, shape) -> drawn(path, shape, arena));
            for (Shape shape : function.shapes()) {
                inputs.add(builder.input("x" + inputs.size(), shape));
                points.add(drawn(shape));
            }
            result = function.build().apply(builder, inputs);
            seedInput = result.kind() == Value.Kind.REAL
                    ? builder.input("seed", result.shape())
                    : builder.float32Input("seed", result.shape());
            seed = drawn(result.shape());
            gradients = Gradients.of(builder, result, seedInput, inputs);
            graph = builder.build();
            graph.parameters().forEach((value, parameter) -> parameters.put(value, ParameterReader.read(parameter)));
        }

        private Tensor drawn(Shape shape) {
            return new Tensor(
                    shape, random.doubles(shape.elements()).map(x -> 2 * x - 1).toArray());
        }

        private Parameter drawn(String path, Shape shape, Arena arena) {
            MemorySegment data = arena.allocate(shape.elements() * Double.BYTES, Double.BYTES);
            for (long i = 0; i < shape.elements(); i++) {
                data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, random.nextDouble(-1, 1));
            }
            return Parameter.contiguous(path, DType.F64, shape, data);
        }

        List<double[]> gradients() {
            Evaluation evaluation = evaluate();
            return gradients.stream().map(value -> evaluation.get(value).data()).toList();
        }

        /** How the seeded sum of the results changes with each element of one input. */
        double[] differences(int input) {
            double[] point = points.get(input).data();
            double[] differences = new double[point.length];
            for (int i = 0; i < point.length; i++) {
                double there = point[i];
                point[i] = there + STEP;
                double above = seededSum();
                point[i] = there - STEP;
                double below = seededSum();
                point[i] = there;
                differences[i] = (above - below) / (2 * STEP);
            }
            return differences;
        }

        private double seededSum() {
            double[] made = evaluate().get(result).data();
            double sum = 0;
            for (int i = 0; i < made.length; i++) {
                sum += made[i] * seed.data()[i];
            }
            return sum;
        }

        private Evaluation evaluate() {
            Evaluation evaluation = new Evaluation(parameters);
            evaluation.put(seedInput, seed);
            for (int i = 0; i < inputs.size(); i++) {
                evaluation.put(inputs.get(i), points.get(i));
            }
            for (Graph.Node node : graph.nodes()) {
                evaluation.put(node.result(), evaluation.of(node.op()));
            }
            return evaluation;
        }
    }
}
