package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryPlanTest {
    /**
     * Follows the bytes instead of the lives: each operation stamps the bytes of its result, and every byte it reads must
     * still carry the stamp of the operation that made its operand.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 60})
    void noResultIsOverwrittenBeforeItsLastReader(int operations) {
        for (long seed = 0; seed < 20; seed++) {
            Graph graph = RandomGraph.of(new Random(seed), operations);
            MemoryPlan plan = layout(graph);
            int[] stamps = new int[Math.toIntExact(plan.bytes())];
            Map<Value, Value> named = new HashMap<>();
            for (Graph.Node node : graph.nodes()) {
                for (Value operand : node.op().operands()) {
                    Value origin = named.getOrDefault(operand, operand);
                    MemoryPlan.Place place = plan.places().get(origin);
                    if (place != null) {
                        assertUntouched(stamps, place, origin);
                    }
                }
                if (node.op() instanceof Op.Reshape reshape) {
                    named.put(node.result(), named.getOrDefault(reshape.x(), reshape.x()));
                    continue;
                }
                MemoryPlan.Place place = plan.places().get(node.result());
                if (place != null) {
                    assertResultIsApartFromOperands(node, place, plan, named);
                    stamp(stamps, place, node.result());
                }
            }
        }
    }

    private static void assertUntouched(int[] stamps, MemoryPlan.Place place, Value value) {
        for (long offset = place.offset(); offset < place.offset() + bytesOf(value); offset++) {
            if (stamps[Math.toIntExact(offset)] != value.id()) {
                fail("byte %d of %s was overwritten by value %d", offset, value, stamps[Math.toIntExact(offset)]);
            }
        }
    }

    private static void stamp(int[] stamps, MemoryPlan.Place place, Value value) {
        int from = Math.toIntExact(place.offset());
        Arrays.fill(stamps, from, from + bytesOf(value), value.id());
    }

    private static int bytesOf(Value value) {
        return Math.toIntExact(value.shape().elements() * Float.BYTES);
    }

    private static void assertResultIsApartFromOperands(
            Graph.Node node, MemoryPlan.Place result, MemoryPlan plan, Map<Value, Value> named) {
        for (Value operand : node.op().operands()) {
            MemoryPlan.Place place = plan.places().get(named.getOrDefault(operand, operand));
            if (place != null) {
                assertThat(place.offset() + place.bytes() <= result.offset()
                                || result.offset() + result.bytes() <= place.offset())
                        .as("%s and %s share bytes", place, result)
                        .isTrue();
            }
        }
    }

    @Test
    void everyIntermediateTensorHasAPlaceInsideTheArena() {
        for (long seed = 0; seed < 20; seed++) {
            Graph graph = RandomGraph.of(new Random(seed), 40);
            MemoryPlan plan = MemoryPlan.of(graph, graph.nodes(), Short.BYTES);
            assertThat(plan.places().keySet()).isEqualTo(intermediates(graph));
            plan.places().forEach((value, place) -> {
                assertThat(place.offset() % MemoryPlan.ALIGNMENT).isZero();
                assertThat(place.bytes()).isGreaterThanOrEqualTo(value.shape().elements() * Short.BYTES);
                assertThat(place.offset()).isNotNegative();
                assertThat(place.offset() + place.bytes()).isLessThanOrEqualTo(plan.bytes());
            });
        }
    }

    private static Set<Value> intermediates(Graph graph) {
        Map<Value, Value> origins = Liveness.origins(graph);
        Set<Value> intermediates = new HashSet<>();
        for (Graph.Node node : graph.nodes()) {
            if (!(node.op() instanceof Op.Reshape)) {
                intermediates.add(node.result());
            }
        }
        graph.outputs().values().forEach(output -> intermediates.remove(origins.getOrDefault(output, output)));
        return intermediates;
    }

    @Test
    void aChainOfAnyLengthNeedsTwoTensors() {
        GraphBuilder builder = builder();
        Value x = builder.input("x", Shape.of(1, 1000));
        for (int i = 0; i < 20; i++) {
            x = builder.tanh(x);
        }
        builder.output("y", x);
        assertThat(layout(builder.build()).bytes()).isEqualTo(2 * 4096);
    }

    @Test
    void aReshapedNameHasNoPlaceOfItsOwn() {
        GraphBuilder builder = builder();
        Value source = builder.tanh(builder.input("x", Shape.of(2, 6)));
        builder.output("y", builder.tanh(builder.reshape(source, 12)));
        MemoryPlan plan = layout(builder.build());
        assertThat(plan.places()).containsOnlyKeys(source);
        assertThat(plan.bytes()).isEqualTo(MemoryPlan.ALIGNMENT);
    }

    @Test
    void aGraphOfOutputsAloneNeedsNoArena() {
        GraphBuilder builder = builder();
        builder.output("y", builder.tanh(builder.input("x", Shape.of(2, 6))));
        assertThat(layout(builder.build()).bytes()).isZero();
    }

    @Test
    void theLayoutIsPrintedInTheOrderTensorsComeToLife() {
        GraphBuilder builder = builder();
        Value first = builder.tanh(builder.input("x", Shape.of(2, 6)));
        Value second = builder.concat(0, List.of(first, first, first));
        builder.output("y", builder.tanh(second));
        List<String> lines = new ArrayList<>();
        layout(builder.build()).describe().lines().map(String::strip).forEach(lines::add);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("0 … 1").endsWith("[2, 6]");
        assertThat(lines.get(1)).startsWith("1 … 2").endsWith("[6, 6]");
        assertThat(lines.get(2)).isEqualTo("arena 512 bytes");
    }

    private static MemoryPlan layout(Graph graph) {
        return MemoryPlan.of(graph, graph.nodes(), Float.BYTES);
    }

    private static GraphBuilder builder() {
        return GraphBuilder.create("test", (path, shape) -> {
            throw new UnsupportedOperationException("no parameters");
        });
    }
}
