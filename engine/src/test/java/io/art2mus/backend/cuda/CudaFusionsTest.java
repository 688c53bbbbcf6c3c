package io.art2mus.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.DType;
import io.art2mus.graph.Gradients;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Op;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import io.art2mus.model.TUNetConfig.Level;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.train.PublishedMicroStep;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which operations run as one on a GPU. Nothing is computed. */
class CudaFusionsTest {
    private static final List<Stream> STREAMS = List.of(Stream.SELF, Stream.LOA, Stream.T5);
    private static final TUNetConfig PUBLISHED = new TUNetConfig(
            8,
            32,
            1e-5f,
            List.of(
                    new Level(128, 2, 8, 1, STREAMS, false),
                    new Level(256, 2, 8, 1, STREAMS, true),
                    new Level(384, 2, 8, 1, STREAMS, true),
                    new Level(640, 2, 8, 1, STREAMS, true)));

    /** Parameters of any shape over a few bytes. */
    private static final ParameterSource ANYTHING = (path, shape) -> new Parameter(
            path,
            DType.F32,
            shape,
            Collections.nCopies(shape.rank(), 0L),
            Arena.ofAuto().allocate(Float.BYTES));

    private final GraphBuilder builder = GraphBuilder.create("test", ANYTHING);

    private List<Work> steps(Value result) {
        builder.output("y", result);
        return Fusions.of(builder.build()).steps();
    }

    private Value linear(Value x, String name, long out) {
        return builder.linear(
                x, builder.at(name).parameter("weight", out, x.shape().last()), null);
    }

    @Test
    void queriesKeysAndValuesAreOneProductOfStackedWeights() {
        Value x = builder.input("x", Shape.of(2, 5, 24));
        Value attended = builder.attention(linear(x, "q", 24), linear(x, "k", 24), linear(x, "v", 24), null, 2, 0.3f);
        assertThat(steps(attended))
                .satisfiesExactly(
                        step -> assertThat(((Work.Product) step).weights()).hasSize(3),
                        step -> assertThat(step.node().op()).isInstanceOf(Op.Attention.class));
    }

    @Test
    void aLinearThatOthersReadTooStaysAlone() {
        Value x = builder.input("x", Shape.of(2, 5, 24));
        Value query = linear(x, "q", 24);
        Value attended = builder.attention(query, linear(x, "k", 24), linear(x, "v", 24), null, 2, 0.3f);
        assertThat(steps(builder.add(attended, query))).hasSize(4);
    }

    @Test
    void partsThatAttentionReadsAreNotCopied() {
        Value packed = linear(builder.input("x", Shape.of(2, 5, 24)), "qkv", 72);
        Value attended = builder.attention(
                builder.slice(packed, 2, 0, 24),
                builder.slice(packed, 2, 24, 24),
                builder.slice(packed, 2, 48, 24),
                null,
                2,
                0.3f);
        assertThat(steps(attended)).hasSize(2);
    }

    @Test
    void aResidualThatIsMadeLaterIsNotWaitedFor() {
        Value x = builder.input("x", Shape.of(2, 5, 24));
        Value first = linear(x, "first", 24);
        Value second = builder.tanh(x);
        assertThat(steps(builder.add(first, second))).hasSize(3);
    }

    @Test
    void aTimeEmbeddingOnAPictureOfOnePositionIsAddedOnce() {
        Value x = builder.input("x", Shape.of(2, 1, 1, 8));
        Value step = builder.indexInput("step");
        Value row = builder.reshape(builder.selectRow(builder.input("table", Shape.of(3, 8)), step), 1, 1, 1, 8);
        Value convolved = builder.conv2d(x, builder.parameter("w", 8, 8, 3, 3), null, Window.square(1, 1));
        Value normed = builder.groupNorm(
                builder.add(convolved, row), builder.parameter("s", 8), builder.parameter("t", 8), 2, 1e-5f);
        assertThat(steps(builder.silu(normed)))
                .satisfiesExactly(
                        work -> assertThat(((Work.Convolution) work).residual()).isNull(),
                        work -> assertThat(((Work.Norm) work).shift()).isNotNull());
    }

    @Test
    void theWayBackOfAProductIsAProductThatAddsAndReadsTheSameWeights() {
        Value x = builder.input("x", Shape.of(2, 5, 24));
        Value attended = builder.attention(linear(x, "q", 24), linear(x, "k", 24), linear(x, "v", 24), null, 2, 0.3f);
        Value seed = builder.input("seed", Shape.of(2, 5, 24));
        Value gradient = Gradients.of(builder, attended, seed, List.of(x)).getFirst();
        assertThat(steps(gradient).stream().map(CudaFusionsTest::kind))
                .containsExactly(
                        "Product",
                        "Attention",
                        "AttentionGradient",
                        "Slice",
                        "Slice",
                        "Slice",
                        "Product",
                        "Product",
                        "Product");
    }

    @Test
    void whatLiesBetweenANormalisationAndItsSiluIsNotKeptForTheWayBack() {
        Value x = builder.input("x", Shape.of(2, 4, 4, 8));
        Value active =
                builder.silu(builder.groupNorm(x, builder.parameter("s", 8), builder.parameter("t", 8), 2, 1e-5f));
        Value seed = builder.input("seed", Shape.of(2, 4, 4, 8));
        Value gradient = Gradients.of(builder, active, seed, List.of(x)).getFirst();
        builder.output("silu", active);
        assertThat(steps(gradient))
                .satisfiesExactly(
                        work -> assertThat(((Work.Norm) work).silu()).isTrue(),
                        work -> assertThat(((Work.NormBackward) work).silu()).isTrue());
    }

    @Test
    void theWayBackThroughAConvolutionOfOnePositionIsAProduct() {
        Value x = builder.input("x", Shape.of(2, 4, 4, 8));
        Value convolved = builder.conv2d(x, builder.parameter("w", 6, 8, 1, 1), null, Window.square(1, 0));
        Value seed = builder.input("seed", Shape.of(2, 4, 4, 6));
        Value gradient = Gradients.of(builder, convolved, seed, List.of(x)).getFirst();
        assertThat(steps(gradient))
                .allSatisfy(work -> assertThat(work).isInstanceOf(Work.Product.class))
                .hasSize(2);
    }

    @Test
    void aStepOfThePublishedTUnetLaunchesFewKernels() {
        Graph graph = TUNet.graphs(
                        PUBLISHED,
                        ANYTHING,
                        Shape.of(1, 256, 16, 8),
                        new TUNet.Conditions(Shape.of(2, 8, 768), Shape.of(2, 77, 1024), 200))
                .every();
        List<Work> steps = Fusions.of(graph).steps();
        Map<String, Integer> kinds = new TreeMap<>();
        steps.stream()
                .filter(step -> !(step instanceof Work.Reserved))
                .forEach(step -> kinds.merge(kind(step), 1, Integer::sum));
        int launches = kinds.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "t-unet of the published size, guided: %d operations are %d steps on a GPU, %s%n",
                graph.nodes().size(), launches, kinds);
        System.out.printf(
                "t-unet of the published size, guided, f16: %d bytes of activations%n",
                MemoryPlan.of(graph, steps, Short.BYTES).bytes());
        assertThat(kinds)
                .as("where both rows begin to differ, and skips from before")
                .containsEntry("Concat", 6)
                .doesNotContainKeys("Add", "SelectRow", "Slice", "Elementwise");
    }

    /** As on the CPU: at most 6 GiB, and at most 3 where blocks are computed again. */
    @ParameterizedTest
    @CsvSource({"false, 6", "true, 3"})
    void aMicroStepOfThePublishedSizeKeepsLittle(boolean recompute, long limit) {
        Graph graph = PublishedMicroStep.graph(recompute);
        List<Work> steps = Fusions.of(graph).steps();
        long bytes = MemoryPlan.of(graph, steps, Short.BYTES).bytes();
        System.out.printf(
                "micro-step of the published size, batch 4, f16%s: %d operations are %d steps on a GPU, %.2f GiB of activations (limit %d)%n",
                recompute ? ", blocks computed again" : "",
                graph.nodes().size(),
                steps.size(),
                bytes / (double) (1 << 30),
                limit);
        assertThat(bytes).isLessThan(limit << 30);
    }

    private static String kind(Work step) {
        return step instanceof Work.Single
                ? step.node().op().getClass().getSimpleName()
                : step.getClass().getSimpleName();
    }
}
