package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the way back consists of; its numbers are the finite differences' affair. */
class GradientsTest {
    private static final MemorySegment BYTES = Arena.global().allocate(1 << 10);

    private final GraphBuilder builder =
            GraphBuilder.create("test", (path, shape) -> Parameter.contiguous(path, DType.F32, shape, BYTES));
    private final Value x = builder.input("x", Shape.of(2, 4));

    @Test
    void frozenWeightsGetNoGradient() {
        Value y = builder.linear(x, builder.parameter("weight", 3, 4), builder.parameter("bias", 3));
        List<Op> back = appended(y, x);
        assertThat(back).singleElement().isInstanceOf(TrainingOp.LinearInputGradient.class);
    }

    @Test
    void whatDoesNotDependOnTheInputsGetsNoGradient() {
        Value other = builder.silu(builder.tanh(builder.input("other", Shape.of(2, 4))));
        List<Op> back = appended(builder.add(builder.tanh(x), other), x);
        assertThat(back).singleElement().isInstanceOf(TrainingOp.ElementwiseGradient.class);
    }

    @Test
    void weightsOfATrainedPartAreInputsInFloat32AndSoAreTheirGradients() {
        GraphBuilder trained = builder.trainedPart("layer");
        Value y = builder.linear(x, trained.parameter("weight", 3, 4), trained.parameter("bias", 3));
        Value weight = input("layer.weight");
        Value bias = input("layer.bias");
        List<Value> gradients = Gradients.of(builder, y, builder.input("seed", y.shape()), List.of(weight, bias));
        assertThat(gradients).extracting(Value::kind).containsOnly(Value.Kind.FLOAT32);
        assertThat(gradients).extracting(Value::shape).containsExactly(weight.shape(), bias.shape());
    }

    private Value input(String name) {
        return Optional.ofNullable(builder.build().inputs().get(name)).orElseThrow();
    }

    @Test
    void anInputThatTheValueDoesNotDependOnIsRefused() {
        Value other = builder.input("other", Shape.of(1));
        Value y = builder.tanh(x);
        Value seed = builder.input("seed", y.shape());
        assertThatThrownBy(() -> Gradients.of(builder, y, seed, List.of(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not depend on value 1 [1]");
    }

    @Test
    void anOperationWithoutGradientIsNamedWithItsPlace() {
        Value y = builder.at("vocoder").leakyRelu(x, 0.1f);
        Value seed = builder.input("seed", y.shape());
        assertThatThrownBy(() -> Gradients.of(builder, y, seed, List.of(x)))
                .hasMessage("test.vocoder: no gradient passes a LeakyRelu this way");
    }

    @Test
    void aNormalisationsScaleIsFrozen() {
        Value scale = builder.input("scale", Shape.of(4));
        Value y = builder.layerNorm(x, scale, builder.parameter("shift", 4), 1e-5f);
        Value seed = builder.input("seed", y.shape());
        assertThatThrownBy(() -> Gradients.of(builder, y, seed, List.of(x, scale)))
                .hasMessage("test: no gradient passes a LayerNorm this way");
    }

    @Test
    void recomputationKeepsOnlyWhatABlockReadsAndHandsOn() {
        Value first = builder.at("block").at(0).tanh(x);
        Value inside = builder.at("block").at(0).tanh(first);
        Value y = builder.at("block").at(1).tanh(inside);
        int forward = builder.build().nodes().size();
        Value seed = builder.input("seed", y.shape());
        builder.output("y", y);
        builder.output("gradient", Gradients.of(builder, y, seed, List.of(x)).getFirst());
        Graph graph = Recomputation.of(builder.build(), forward, Optional::of);
        assertThat(graph.nodes()).hasSize(2 * forward + 1);
        assertThat(graph.nodes().subList(0, forward))
                .isEqualTo(builder.build().nodes().subList(0, forward));
        Graph.Node again = graph.nodes().get(forward + 1);
        assertThat(again.op()).isEqualTo(new Op.Elementwise(x, Op.Elementwise.Function.TANH));
        assertThat(graph.nodes().getLast().op())
                .isInstanceOfSatisfying(
                        TrainingOp.ElementwiseGradient.class,
                        op -> assertThat(op.forward().x()).isEqualTo(x));
        assertThat(Liveness.of(graph, graph.nodes()).get(first)).isEqualTo(new Liveness.Life(0, 1));
    }

    private List<Op> appended(Value y, Value input) {
        int forward = builder.build().nodes().size();
        Gradients.of(builder, y, builder.input("seed", y.shape()), List.of(input));
        List<Graph.Node> nodes = builder.build().nodes();
        return nodes.subList(forward, nodes.size()).stream().map(Graph.Node::op).toList();
    }
}
