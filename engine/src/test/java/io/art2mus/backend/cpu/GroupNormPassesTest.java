package io.art2mus.backend.cpu;

import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OpCase;
import io.art2mus.backend.operations.OpCases;
import io.art2mus.graph.DType;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Group normalisation in passes, which is taken where it is measured to be faster: here always. */
class GroupNormPassesTest extends LastWayContract {
    GroupNormPassesTest() {
        super(cases());
    }

    @Test
    void aRunAllocatesNothing() {
        Shape pictures = Shape.of(2, 5, 7, 24);
        try (Arena arena = Arena.ofConfined();
                CpuBackend backend = CpuBackend.open(1, Precision.F32, LAST)) {
            GraphBuilder builder = GraphBuilder.create(
                    "test",
                    (path, shape) -> Parameter.contiguous(
                            path,
                            DType.F32,
                            shape,
                            HostTensor.allocate(arena, shape).data()));
            Value x = builder.input("x", pictures);
            Value scale = builder.parameter("scale", 24);
            Value shift = builder.parameter("shift", 24);
            builder.output("y", builder.silu(builder.groupNorm(x, scale, shift, 4, 1e-6f)));
            try (Plan plan = backend.compile(builder.build())) {
                Allocations.requireNone("group norm in passes", plan);
            }
        }
    }

    private static List<OpCase> cases() {
        Stream<OpCase> declared = OpCases.all().stream().filter(op -> op.name().startsWith("groupNorm"));
        return Stream.concat(
                        declared,
                        Stream.of(
                                then("SiLU", GraphBuilder::silu),
                                then("GELU, twice as much", (graph, x) -> graph.scale(graph.gelu(x), 2)),
                                several("tiles of one size", 128, 128),
                                several("tiles and a shorter one", 131, 127),
                                ofTwoParts()))
                .toList();
    }

    private static OpCase then(String functions, BiFunction<GraphBuilder, Value, Value> after) {
        return new OpCase("groupNorm, then " + functions, operands -> {
            Value normalised = operands.graph()
                    .groupNorm(operands.input(2, 5, 7, 24), operands.parameter(24), operands.parameter(24), 4, 1e-6f);
            return after.apply(operands.graph(), normalised);
        });
    }

    private static OpCase several(String name, long height, long width) {
        return new OpCase(
                "groupNorm, " + name,
                operands -> operands.graph()
                        .groupNorm(
                                operands.input(1, height, width, 64),
                                operands.parameter(64),
                                operands.parameter(64),
                                8,
                                1e-6f));
    }

    private static OpCase ofTwoParts() {
        return new OpCase("groupNorm, tiles whose means are far apart", operands -> {
            GraphBuilder graph = operands.graph();
            Value low = operands.input(1, 32, 128, 64);
            Value moved = graph.scale(operands.input(1, 1, 1, 64), 40);
            Value high = graph.add(operands.input(1, 96, 128, 64), moved);
            Value picture = graph.concat(1, List.of(low, high));
            return graph.groupNorm(picture, operands.parameter(64), operands.parameter(64), 8, 1e-6f);
        });
    }
}
