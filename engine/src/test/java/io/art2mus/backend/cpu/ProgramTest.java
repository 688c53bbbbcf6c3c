package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.CpuEngine;
import io.art2mus.ffi.onednn.CpuStream;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Operation;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.ThreadTeam;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final HandleScope scope = new HandleScope();
    private final Program program = program();

    private Program program() {
        CpuEngine engine = scope.own(CpuEngine.create());
        Target target = new Target(
                engine, scope.own(CpuStream.create(engine)), Choices.USUAL, scope.own(ThreadTeam.of(1)), DataType.F32);
        return new Program(target, scope, scope.own(Arena.ofConfined()));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void equalLayoutsAreMadeOnce() {
        Layouts layouts = program.layouts();
        assertThat(layouts.plain(DataType.F32, 2, 3)).isSameAs(layouts.plain(DataType.F32, 2, 3));
        assertThat(layouts.strided(DataType.F32, new long[] {2, 3}, new long[] {6, 2}))
                .isSameAs(layouts.strided(DataType.F32, new long[] {2, 3}, new long[] {6, 2}))
                .isNotSameAs(layouts.strided(DataType.F32, new long[] {2, 3}, new long[] {6, 1}));
        assertThat(layouts.plain(DataType.F32, 2, 3, 1, 1))
                .isNotSameAs(layouts.plain(DataType.BF16, 2, 3, 1, 1))
                .isNotSameAs(layouts.channelsLast(DataType.F32, 2, 3, 1, 1))
                .isNotSameAs(layouts.any(DataType.F32, 2, 3, 1, 1));
    }

    @Test
    void equalOperationsShareAPrimitiveAndOthersDoNot() {
        MemoryDescriptor layout = program.layouts().plain(DataType.F32, 2, 3);
        MemoryDescriptor other = program.layouts().plain(DataType.F32, 3, 2);
        assertThat(program.primitive(sum(layout, PrimitiveAttributes.PLAIN)))
                .isSameAs(program.primitive(sum(layout, PrimitiveAttributes.PLAIN)))
                .isNotSameAs(program.primitive(sum(other, PrimitiveAttributes.PLAIN)))
                .isNotSameAs(program.primitive(sum(layout, thenTimes(2))));
        assertThat(program.primitive(sum(layout, thenTimes(2))))
                .isSameAs(program.primitive(sum(layout, thenTimes(2))))
                .isNotSameAs(program.primitive(sum(layout, thenTimes(3))));
    }

    private static Operation sum(MemoryDescriptor layout, PrimitiveAttributes attributes) {
        return new Binary(BinaryAlgorithm.ADD, layout, layout, layout, attributes);
    }

    private static PrimitiveAttributes thenTimes(float factor) {
        return PrimitiveAttributes.of(new PostOp.Eltwise(EltwiseAlgorithm.LINEAR, factor, 0));
    }
}
