package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Tolerance;
import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.graph.DType;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which operations run as one, and that it makes no difference. */
class FusionsTest {
    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
    private final GraphBuilder builder = GraphBuilder.create(
            "test",
            (path, shape) ->
                    Parameter.contiguous(path, DType.F32, shape, drawn(shape).data()));
    private final Value picture = builder.input("picture", Shape.of(2, 5, 7, 6));
    private final Value residual = builder.input("residual", Shape.of(2, 5, 7, 9));
    private final Value time = builder.input("time", Shape.of(1, 1, 1, 9));
    private final Value times = builder.input("times", Shape.of(2, 1, 1, 9));

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void aConvolutionTakesWhatFollowsItElementByElement() {
        Value sum = builder.add(residual, builder.add(builder.silu(convolution()), time));
        builder.output("y", builder.leakyRelu(builder.scale(sum, 0.5f), 0.1f));

        List<FusedStep> steps = steps();

        assertThat(steps).hasSize(1);
        assertThat(steps.getFirst().after())
                .containsExactly(
                        new PostOperation.Function(EltwiseAlgorithm.SWISH, 1),
                        new PostOperation.Combination(BinaryAlgorithm.ADD, time),
                        new PostOperation.Combination(BinaryAlgorithm.ADD, residual),
                        new PostOperation.Function(EltwiseAlgorithm.LINEAR, 0.5f),
                        new PostOperation.Function(EltwiseAlgorithm.RELU, 0.1f));
        requireEqualsOperationByOperation();
    }

    @Test
    void whatVanishesHasNoPlace() {
        builder.output("y", builder.add(builder.silu(convolution()), residual));
        try (CpuBackend backend = CpuBackend.open(2, Precision.F32);
                Plan plan = backend.compile(builder.build())) {
            assertThat(plan.layout().places()).isEmpty();
        }
    }

    @Test
    void aResultThatIsReadTwiceStays() {
        Value convolved = convolution();
        builder.output("y", builder.add(convolved, builder.silu(convolved)));
        assertThat(steps()).hasSize(3);
    }

    @Test
    void anOutputStays() {
        Value convolved = convolution();
        builder.output("convolved", convolved);
        builder.output("y", builder.silu(convolved));
        assertThat(steps()).hasSize(2);
    }

    @Test
    void aRowForEachPictureStaysApart() {
        builder.output("y", builder.add(convolution(), times));
        assertThat(steps()).hasSize(2);
    }

    /** The first would have to wait for the second, its operands with it. */
    @Test
    void ofTwoSummandsTheLaterOneTakesTheSum() {
        Value first = convolution();
        Value second = convolution();
        builder.output("y", builder.add(first, second));

        List<FusedStep> steps = steps();

        assertThat(steps).hasSize(2);
        assertThat(steps.getFirst().after()).isEmpty();
        assertThat(steps.getLast().after()).containsExactly(new PostOperation.Combination(BinaryAlgorithm.ADD, first));
        requireEqualsOperationByOperation();
    }

    @Test
    void anAddendThatIsSpreadOverOtherAxesStaysApart() {
        Value narrow = builder.input("narrow", Shape.of(2, 5, 7, 1));
        builder.output("y", builder.add(convolution(), narrow));
        assertThat(steps()).hasSize(2);
    }

    @Test
    void aConvolutionAddsItsOwnInput() {
        Value square = builder.conv2d(picture, builder.parameter("square", 6, 6, 3, 3), null, Window.square(1, 1));
        builder.output("y", builder.add(picture, square));
        assertThat(steps()).hasSize(1);
        requireEqualsOperationByOperation();
    }

    @Test
    void aGroupNormalisationTakesFunctionsAndNoAddends() {
        Value scale = builder.parameter("scale", 6);
        Value normalised = builder.groupNorm(picture, scale, builder.parameter("shift", 6), 3, 1e-6f);
        Value function = builder.scale(builder.silu(normalised), 0.5f);
        builder.output("y", builder.add(function, builder.input("pictures", Shape.of(2, 5, 7, 6))));

        List<FusedStep> steps = steps();

        assertThat(steps).hasSize(2);
        assertThat(steps.getFirst().after())
                .containsExactly(
                        new PostOperation.Function(EltwiseAlgorithm.SWISH, 1),
                        new PostOperation.Function(EltwiseAlgorithm.LINEAR, 0.5f));
        requireEqualsOperationByOperation();
    }

    @Test
    void aLinearTakesOneNumberAChannelAndAResidual() {
        Value x = builder.input("x", Shape.of(3, 11, 17));
        Value row = builder.input("row", Shape.of(1, 1, 29));
        Value sequence = builder.input("sequence", Shape.of(3, 11, 29));
        Value product = builder.linear(x, builder.parameter("weight", 29, 17), builder.parameter("bias", 29));
        builder.output("y", builder.add(sequence, builder.add(builder.gelu(product), row)));
        assertThat(steps()).hasSize(1);
        requireEqualsOperationByOperation();
    }

    @Test
    void gegluIsTwoProductsWithHalvesOfTheWeight() {
        Value x = builder.input("x", Shape.of(3, 11, 17));
        Value halves = builder.linear(x, builder.parameter("weight", 58, 17), builder.parameter("bias", 58));
        builder.output("y", builder.geglu(halves));

        List<FusedStep> steps = steps();

        assertThat(steps).hasSize(2);
        Value gate = steps.getFirst().result();
        assertThat(gate.shape()).isEqualTo(Shape.of(3, 11, 29));
        assertThat(steps.getFirst().after()).containsExactly(new PostOperation.Function(EltwiseAlgorithm.GELU_ERF, 0));
        assertThat(steps.getLast().after()).containsExactly(new PostOperation.Combination(BinaryAlgorithm.MUL, gate));
        requireEqualsOperationByOperation();
    }

    @Test
    void gegluIsSplitWithoutBiasAndWithATransposedWeight() {
        Value x = builder.input("x", Shape.of(7, 17));
        Value weight = builder.constant(builder.stored("weight", 17, 26).transposed());
        builder.output("y", builder.geglu(builder.linear(x, weight, null)));
        assertThat(steps()).hasSize(2);
        requireEqualsOperationByOperation();
    }

    @Test
    void gegluOfAProductThatIsReadTwiceStaysWhole() {
        Value x = builder.input("x", Shape.of(7, 17));
        Value halves = builder.linear(x, builder.parameter("weight", 26, 17), null);
        builder.output("y", builder.concat(1, List.of(halves, builder.geglu(halves))));
        assertThat(steps()).hasSize(3);
    }

    @Test
    void aConvolutionDoublesItsPictureItself() {
        builder.output("y", builder.silu(ofADouble(builder.upsampleNearest(picture, 10, 14))));

        List<FusedStep> steps = steps();

        assertThat(steps).hasSize(1);
        assertThat(steps.getFirst().operands()).contains(picture);
        assertThat(steps.getFirst().after()).hasSize(1);
    }

    @Test
    void aDoubledPictureThatIsReadTwiceIsMade() {
        Value doubled = builder.upsampleNearest(picture, 10, 14);
        builder.output("y", builder.concat(3, List.of(ofADouble(doubled), doubled)));
        assertThat(steps()).hasSize(3);
    }

    private Value ofADouble(Value doubled) {
        return builder.conv2d(
                doubled, builder.parameter("weight", 9, 6, 3, 3), builder.parameter("bias", 9), Window.square(1, 1));
    }

    private Value convolution() {
        return builder.conv2d(
                picture, builder.parameter("weight", 9, 6, 3, 3), builder.parameter("bias", 9), Window.square(1, 1));
    }

    private List<FusedStep> steps() {
        return Fusions.of(builder.build(), (upsample, convolution) -> true).steps();
    }

    /** Where every result is an output, none can vanish: the same graph without fusion. */
    private void requireEqualsOperationByOperation() {
        Graph graph = builder.build();
        Map<String, Value> everything = new LinkedHashMap<>(graph.outputs());
        graph.nodes().forEach(node -> everything.put("made " + node.result().id(), node.result()));
        Graph plain = new Graph(graph.inputs(), graph.parameters(), graph.nodes(), everything);
        assertThat(Fusions.of(plain, (upsample, convolution) -> true).steps()).hasSameSizeAs(graph.nodes());
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, value) -> inputs.put(name, drawn(value.shape())));
        HostTensor expected = run(plain, inputs, Precision.F32);
        Tolerance.OPERATION_F32.requireWithin(
                "fused against plain, cpu f32", run(graph, inputs, Precision.F32), expected);
        if (OneDnn.instructionSet().hasBf16()) {
            Tolerance.OPERATION_BF16.requireWithin(
                    "fused against plain, cpu bf16", run(graph, inputs, Precision.BF16), expected);
        }
    }

    private HostTensor run(Graph graph, Map<String, HostTensor> inputs, Precision precision) {
        try (CpuBackend backend = CpuBackend.open(2, precision);
                Plan plan = backend.compile(graph)) {
            inputs.forEach((name, values) -> plan.input(name).upload(values));
            plan.run();
            HostTensor result = HostTensor.allocate(arena, plan.output("y").shape());
            plan.output("y").download(result);
            return result;
        }
    }

    private HostTensor drawn(Shape shape) {
        HostTensor tensor = HostTensor.allocate(arena, shape);
        for (long i = 0; i < shape.elements(); i++) {
            tensor.set(i, random.nextFloat(-1, 1));
        }
        return tensor;
    }
}
