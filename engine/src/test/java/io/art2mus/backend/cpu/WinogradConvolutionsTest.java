package io.art2mus.backend.cpu;

import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OpCase;
import io.art2mus.graph.DType;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Convolutions with fewer multiplications, which are taken where they are measured to be faster: here always. */
class WinogradConvolutionsTest extends LastWayContract {
    WinogradConvolutionsTest() {
        super(cases());
    }

    @Test
    void aRunAllocatesNothing() {
        aRunAllocatesNothing(Precision.F32);
        if (CpuBackend.bestPrecision() == Precision.BF16) {
            aRunAllocatesNothing(Precision.BF16);
        }
    }

    private static void aRunAllocatesNothing(Precision precision) {
        try (Arena arena = Arena.ofConfined();
                CpuBackend backend = CpuBackend.open(2, precision, LAST)) {
            GraphBuilder builder = GraphBuilder.create(
                    "test",
                    (path, shape) -> Parameter.contiguous(
                            path,
                            DType.F32,
                            shape,
                            HostTensor.allocate(arena, shape).data()));
            Value x = builder.input("x", Shape.of(1, 7, 2, 32));
            Value kernel = builder.parameter("kernel", 32, 32, 3, 3);
            builder.output("y", builder.silu(builder.conv2d(x, kernel, null, Window.square(1, 1))));
            try (Plan plan = backend.compile(builder.build())) {
                Allocations.requireNone("convolution at points, " + precision, plan);
            }
        }
    }

    private static List<OpCase> cases() {
        return List.of(
                picture("3x3, whole tiles", Shape.of(1, 12, 5, 32), 32, 3, 3, Window.square(1, 1)),
                picture("3x3, two pictures, a tile cut", Shape.of(2, 11, 7, 40), 33, 3, 3, Window.square(1, 1)),
                picture("3x3, no zeros around", Shape.of(1, 9, 8, 32), 32, 3, 3, Window.square(1, 0)),
                picture("3x3, one row", Shape.of(1, 1, 6, 32), 32, 3, 3, Window.square(1, 1)),
                picture("3x1", Shape.of(1, 10, 6, 32), 34, 3, 1, new Window(1, 1, 1, 1, 1, 0, 1, 0)),
                picture(
                        "5x3, other zeros on each side",
                        Shape.of(2, 13, 4, 32),
                        32,
                        5,
                        3,
                        new Window(1, 1, 1, 1, 3, 2, 0, 1)),
                picture("rows longer than a chunk", Shape.of(1, 14, 70, 64), 32, 3, 3, Window.square(1, 1)),
                sequence("3 taps", 100, 32, 3, 1),
                sequence("3 taps, 3 apart", 101, 48, 3, 3),
                sequence("7 taps", 64, 32, 7, 1),
                sequence("7 taps, 5 apart", 203, 33, 7, 5),
                sequence("11 taps, 3 apart, many tiles at once", 1000, 64, 11, 3),
                sequence("11 taps, shorter than they reach", 9, 32, 11, 5),
                new OpCase("at points: 3x3, plus one number a channel, plus a picture, then SiLU", operands -> {
                    GraphBuilder graph = operands.graph();
                    Value convolved = graph.conv2d(
                            operands.input(2, 8, 3, 32), operands.parameter(32, 32, 3, 3), null, Window.square(1, 1));
                    Value moved = graph.add(convolved, operands.input(1, 1, 1, 32));
                    return graph.silu(graph.add(moved, operands.input(2, 8, 3, 32)));
                }));
    }

    private static OpCase sequence(String name, long length, long channels, int taps, int dilation) {
        int padding = dilation * (taps - 1) / 2;
        return picture(
                name, Shape.of(2, 1, length, channels), channels, 1, taps, Window.alongWidth(1, padding, dilation));
    }

    private static OpCase picture(String name, Shape x, long out, long height, long width, Window window) {
        return new OpCase(
                "at points: " + name,
                operands -> operands.graph()
                        .conv2d(
                                operands.input(x.extents()),
                                operands.parameter(out, x.last(), height, width),
                                operands.parameter(out),
                                window));
    }
}
