package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GraphBuilderTest {
    private static final Window SAME = Window.square(1, 1);

    private final GraphBuilder root = GraphBuilder.create("unet", GraphBuilderTest::zeros);

    private static Parameter zeros(String path, Shape shape) {
        MemorySegment data = Arena.global().allocate(shape.elements() * Float.BYTES);
        return Parameter.contiguous(path, DType.F32, shape, data);
    }

    @Test
    void placesNestAsParameterPathsDo() {
        GraphBuilder block = root.at("down_blocks").at(1).at("resnets").at(0);
        block.parameter("norm1.weight", 32);
        assertThat(block.path()).isEqualTo("unet.down_blocks.1.resnets.0");
        assertThat(root.build().parameters().values())
                .singleElement()
                .extracting(Parameter::path)
                .isEqualTo("down_blocks.1.resnets.0.norm1.weight");
    }

    @Test
    void aParameterTakenTwiceIsOneValue() {
        Parameter parameter = root.stored("proj.weight", 4, 3);
        assertThat(root.constant(parameter)).isEqualTo(root.constant(parameter));
        assertThat(root.constant(parameter.transposed())).isNotEqualTo(root.constant(parameter));
        assertThat(root.build().parameters()).hasSize(2);
    }

    @Test
    void partsOfACheckpointShareOneGraph() {
        root.part("vae", GraphBuilderTest::zeros).at("decoder").parameter("conv_in.bias", 4);
        root.parameter("conv_in.bias", 4);
        assertThat(root.build().parameters().values().stream().map(Parameter::path))
                .containsExactly("decoder.conv_in.bias", "conv_in.bias");
    }

    @Test
    void inputsAndOutputsHaveNamesOfTheirOwn() {
        Value x = root.input("x", Shape.of(1, 2));
        root.output("y", x);
        assertThatThrownBy(() -> root.input("x", Shape.of(1))).hasMessage("unet: two inputs are named x");
        assertThatThrownBy(() -> root.at("mid_block").indexInput("x"))
                .hasMessage("unet.mid_block: two inputs are named x");
        assertThatThrownBy(() -> root.output("y", x)).hasMessage("unet: two outputs are named y");
    }

    @Test
    void valuesOfAnotherGraphAreRefusedThoughTheyLookTheSame() {
        Value own = root.input("x", Shape.of(1, 2));
        Value foreign = GraphBuilder.create("vae", GraphBuilderTest::zeros).input("x", Shape.of(1, 2));
        assertThat(foreign).isEqualTo(own);
        assertThatThrownBy(() -> root.at("mid_block").add(own, foreign))
                .hasMessage("unet.mid_block: a value [1, 2] belongs to another graph");
        assertThatThrownBy(() -> root.output("y", foreign)).hasMessage("unet: a value [1, 2] belongs to another graph");
        assertThat(root.at("mid_block").add(own, own)).isNotNull();
    }

    @Test
    void aRefusedOperationIsNotAppended() {
        Value x = root.input("x", Shape.of(1, 2));
        assertThatThrownBy(() -> root.reshape(x, 3)).isInstanceOf(ShapeException.class);
        assertThat(root.build().nodes()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> operandsThatDoNotFitAreRefusedAtTheirPlace() {
        return Stream.of(
                refused(
                        "conv2d channels",
                        at -> at.conv2d(x(1, 5, 5, 3), x(4, 2, 3, 3), null, SAME),
                        "weight is [4, 2, 3, 3], expected [4, 3, 3, 3]"),
                refused(
                        "conv2d bias",
                        at -> at.conv2d(x(1, 5, 5, 3), x(4, 3, 3, 3), x(3), SAME),
                        "bias is [3], expected [4]"),
                refused(
                        "conv2d axes",
                        at -> at.conv2d(x(5, 5, 3), x(4, 3, 3, 3), null, SAME),
                        "expects 4 axes, was given [5, 5, 3]"),
                refused(
                        "conv2d too small",
                        at -> at.conv2d(x(1, 1, 5, 3), x(4, 3, 4, 3), null, SAME),
                        "a kernel of 4 does not fit an extent of 1"),
                refused(
                        "convTranspose2d channels",
                        at -> at.convTranspose2d(x(1, 1, 5, 3), x(4, 3, 1, 4), null, Window.alongWidth(2, 1, 1)),
                        "weight is [4, 3, 1, 4], expected [3, 3, 1, 4]"),
                refused(
                        "convTranspose2d dilation",
                        at -> at.convTranspose2d(x(1, 1, 5, 3), x(3, 3, 1, 4), null, Window.alongWidth(2, 1, 2)),
                        "dilation must be 1"),
                refused(
                        "convTranspose2d cut to nothing",
                        at -> at.convTranspose2d(x(1, 1, 1, 3), x(3, 3, 1, 4), null, Window.alongWidth(2, 2, 1)),
                        "width of the result is 0, expected 1 or more"),
                refused("linear width", at -> at.linear(x(2, 5), x(7, 6), null), "weight is [7, 6], expected [7, 5]"),
                refused(
                        "attention widths",
                        at -> at.attention(x(1, 2, 8), x(1, 3, 6), x(1, 3, 8), null, 2, 1),
                        "key is [1, 3, 6], expected [1, 3, 8]"),
                refused(
                        "attention keys without values",
                        at -> at.attention(x(1, 2, 8), x(1, 3, 8), x(1, 4, 8), null, 2, 1),
                        "value is [1, 4, 8], expected [1, 3, 8]"),
                refused(
                        "attention heads",
                        at -> at.attention(x(1, 2, 8), x(1, 3, 8), x(1, 3, 8), null, 3, 1),
                        "heads is 3, which does not divide 8"),
                refused(
                        "attention no heads",
                        at -> at.attention(x(1, 2, 8), x(1, 3, 8), x(1, 3, 8), null, 0, 1),
                        "heads is 0, which does not divide 8"),
                refused(
                        "attention bias",
                        at -> at.attention(x(2, 4, 8), x(2, 3, 8), x(2, 3, 8), x(2, 3, 3), 2, 1),
                        "cannot spread [2, 3, 3] over [2, 4, 3]"),
                refused(
                        "attention bias of one key",
                        at -> at.attention(x(2, 4, 8), x(2, 3, 8), x(2, 3, 8), x(2, 4, 1), 2, 1),
                        "bias is [2, 4, 1], expected [2, 4, 3]"),
                refused(
                        "causal attention",
                        at -> at.causalAttention(x(1, 2, 8), x(1, 3, 8), x(1, 3, 8), null, 2, 1),
                        "causal attention has [1, 2, 8] queries and 3 keys"),
                refused(
                        "groupNorm groups",
                        at -> at.groupNorm(x(1, 2, 2, 6), x(6), x(6), 4, 1e-5f),
                        "groups is 4, which does not divide 6"),
                refused(
                        "layerNorm shift",
                        at -> at.layerNorm(x(2, 6), x(6), x(5), 1e-5f),
                        "shift is [5], expected [6]"),
                refused("geglu of an odd width", at -> at.geglu(x(2, 5)), "halves is 2, which does not divide 5"),
                refused("add", at -> at.add(x(2, 3), x(2, 2)), "cannot spread [2, 2] over [2, 3]"),
                refused("add of the smaller first", at -> at.add(x(1, 3), x(2, 3)), "cannot spread [2, 3] over [1, 3]"),
                refused("add of other axes", at -> at.add(x(2, 3), x(3)), "expects 2 axes, was given [3]"),
                refused("concat of nothing", at -> at.concat(0, List.of()), "number of parts is 0, expected 1 or more"),
                refused(
                        "concat of other extents",
                        at -> at.concat(0, List.of(x(2, 3), x(2, 4))),
                        "part is [2, 4], expected [2, 3]"),
                refused(
                        "concat of other axes",
                        at -> at.concat(1, List.of(x(2, 3), x(2, 3, 1))),
                        "part is [2, 3, 1], expected [2, 3]"),
                refused("concat along no axis", at -> at.concat(2, List.of(x(2, 3))), "axis 2 is not one of [2, 3]"),
                refused(
                        "slice beyond",
                        at -> at.slice(x(2, 3), 1, 1, 3),
                        "no 3 steps from 1 on along axis 1 of [2, 3]"),
                refused(
                        "slice far beyond",
                        at -> at.slice(x(2, 3), 1, 1, Long.MAX_VALUE),
                        "no 9223372036854775807 steps from 1 on along axis 1 of [2, 3]"),
                refused(
                        "slice before",
                        at -> at.slice(x(2, 3), 1, -1, 2),
                        "no 2 steps from -1 on along axis 1 of [2, 3]"),
                refused(
                        "slice of nothing",
                        at -> at.slice(x(2, 3), 0, 1, 0),
                        "no 0 steps from 1 on along axis 0 of [2, 3]"),
                refused(
                        "upsampleNearest",
                        at -> at.upsampleNearest(x(1, 3, 4, 2), 4, 8),
                        "cannot double [1, 3, 4, 2] to 4 by 8"),
                refused("reshape", at -> at.reshape(x(2, 3), 5), "cannot see [2, 3] as [5]"),
                refused(
                        "reshape to nothing",
                        at -> at.reshape(x(2, 3), 0, 6),
                        "shape [0, 6] has an extent out of range"),
                refused("selectRow without a position", at -> at.selectRow(x(2, 3), x(1)), "position must be an index"),
                refused(
                        "tanh of a position",
                        at -> at.tanh(root.indexInput("p")),
                        "expects real numbers, was given positions [1]"),
                refused(
                        "sum of positions",
                        at -> at.add(root.indexInput("q"), root.indexInput("r")),
                        "expects real numbers, was given positions [1]"));
    }

    @Test
    void anEmptyParameterIsRefusedAtItsPlace() {
        assertThatThrownBy(() -> root.at("mid_block").parameter("weight", 4, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessage("unet.mid_block.weight: shape [4, 0] has an extent out of range");
    }

    @Test
    void windowsStepForwardAndPadWithZerosOrMore() {
        assertThatThrownBy(() -> Window.square(0, 1)).hasMessage("stride height is 0, expected 1 or more");
        assertThatThrownBy(() -> Window.alongWidth(1, 1, 0)).hasMessage("dilation width is 0, expected 1 or more");
        assertThatThrownBy(() -> Window.square(1, -1)).hasMessage("padding is -1, expected 0 or more");
    }

    private Value x(long... extents) {
        return root.input("x" + root.build().inputs().size(), Shape.of(extents));
    }

    private DynamicTest refused(String name, Function<GraphBuilder, Value> append, String reason) {
        return dynamicTest(
                name,
                () -> assertThatThrownBy(() -> append.apply(root.at("mid_block")))
                        .isInstanceOf(ShapeException.class)
                        .hasMessage("unet.mid_block: " + reason));
    }
}
