package io.art2mus.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferencePlanTest {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final GraphBuilder builder = GraphBuilder.create("test", (path, shape) -> {
        throw new UnsupportedOperationException("no parameters");
    });
    private final Value x = builder.input("x", Shape.of(2, 2));

    @Test
    void outputsFollowTheInputsFromRunToRun() {
        builder.output("y", builder.scale(x, 2));
        Plan plan = backend.compile(builder.build());
        assertThat(run(plan, 1, 2, 3, 4)).containsExactly(2, 4, 6, 8);
        assertThat(run(plan, 5, 6, 7, 8)).containsExactly(10, 12, 14, 16);
    }

    @Test
    void anInputMayBeAnOutputUnderAnotherShape() {
        builder.output("y", x);
        builder.output("flat", builder.reshape(x, 4));
        Plan plan = backend.compile(builder.build());
        assertThat(run(plan, 1, 2, 3, 4)).containsExactly(1, 2, 3, 4);
        assertThat(plan.output("flat").shape()).isEqualTo(Shape.of(4));
        assertThat(downloaded(plan.output("flat"))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aBoundInputIsReadWhereItLies() {
        builder.output("y", builder.scale(x, 2));
        Plan first = backend.compile(builder.build());
        Plan second = backend.compile(builder.build(), Map.of("x", first.output("y")));
        run(first, 1, 2, 3, 4);
        second.run();
        assertThat(downloaded(second.output("y"))).containsExactly(4, 8, 12, 16);
        run(first, 0, 0, 0, 1);
        second.run();
        assertThat(downloaded(second.output("y"))).containsExactly(0, 0, 0, 4);
    }

    @Test
    void boundBuffersMustFit() {
        builder.output("y", builder.reshape(x, 4));
        Plan plan = backend.compile(builder.build());
        assertThatThrownBy(() -> backend.compile(builder.build(), Map.of("x", plan.output("y"))))
                .hasMessage("input x is [2, 2], bound to a buffer [4]");
        assertThatThrownBy(() -> backend.compile(builder.build(), Map.of("z", plan.output("y"))))
                .hasMessage("no input z to bind, there are [x]");
    }

    @Test
    void aPositionOutsideItsTableIsRefused() {
        builder.output("y", builder.selectRow(x, builder.indexInput("row")));
        Plan plan = backend.compile(builder.build());
        plan.input("row").uploadPosition(2);
        assertThatThrownBy(plan::run)
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("no row 2 in a table [2, 2]");
        assertThatThrownBy(() -> plan.input("x").uploadPosition(0))
                .hasMessage("the buffer is [2, 2], the values are [1]");
    }

    @Test
    void namesAndShapesAreChecked() {
        builder.output("y", builder.tanh(x));
        Plan plan = backend.compile(builder.build());
        assertThatThrownBy(() -> plan.input("z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no input z, there are [x]");
        assertThatThrownBy(() -> plan.output("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no output x, there are [y]");
        assertThatThrownBy(() -> plan.input("x").upload(tensor(Shape.of(4), 1, 2, 3, 4)))
                .hasMessage("the buffer is [2, 2], the values are [4]");
    }

    private static float[] run(Plan plan, float... values) {
        plan.input("x").upload(tensor(Shape.of(2, 2), values));
        plan.run();
        return downloaded(plan.output("y"));
    }

    private static HostTensor tensor(Shape shape, float... values) {
        return new HostTensor(shape, MemorySegment.ofArray(values));
    }

    private static float[] downloaded(DeviceBuffer buffer) {
        float[] values = new float[Math.toIntExact(buffer.shape().elements())];
        buffer.download(tensor(buffer.shape(), values));
        return values;
    }
}
