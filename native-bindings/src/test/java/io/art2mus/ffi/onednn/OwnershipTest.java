package io.art2mus.ffi.onednn;

import static io.art2mus.ffi.onednn.MemoryDescriptor.plain;
import static io.art2mus.ffi.onednn.MemoryDescriptor.strided;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who owns what, what a wrong call answers, and what a run costs. */
class OwnershipTest {
    @Test
    void statusNamesFileAndVersion() {
        assertThat(OneDnn.status().available()).isTrue();
        assertThat(OneDnn.load().version()).startsWith("3.");
        assertThat(OneDnn.load().path()).hasFileName("libdnnl.so.3");
        System.out.println(
                "oneDNN " + OneDnn.load() + ", " + OneDnn.instructionSet().text());
    }

    @Test
    void instructionSetsFollowTheHeadersBits() {
        assertThat(InstructionSet.AVX10_1_512_AMX.hasBf16()).isTrue();
        assertThat(InstructionSet.AVX10_1_512_AMX.hasAmx()).isTrue();
        assertThat(InstructionSet.AVX512_CORE_BF16.hasAmx()).isFalse();
        assertThat(InstructionSet.AVX512_CORE_VNNI.hasBf16()).isFalse();
        assertThat(InstructionSet.AVX2_VNNI_2.includes(InstructionSet.AVX512_CORE))
                .isFalse();
        assertThat(InstructionSet.AVX10_2_AMX_2.includes(InstructionSet.AVX10_1_512_AMX_FP16))
                .isFalse();
    }

    @Test
    void threadCountIsThatOfTheCallingThread() {
        int before = OneDnn.threads();
        try {
            OneDnn.setThreads(3);
            assertThat(OneDnn.threads()).isEqualTo(3);
        } finally {
            OneDnn.setThreads(before);
        }
    }

    @Test
    void shapesThatDoNotFitAreATypedErrorThatNamesThem() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = bench.own(plain(DataType.F32, 2, 3));
            MemoryDescriptor weights = bench.own(plain(DataType.F32, 4, 5));
            MemoryDescriptor dst = bench.own(plain(DataType.F32, 2, 5));
            assertThatExceptionOfType(OneDnnException.class)
                    .isThrownBy(
                            () -> new Matmul(src, weights, null, dst, PrimitiveAttributes.PLAIN).create(bench.engine))
                    .withMessage(
                            "dnnl_matmul_primitive_desc_create failed: dnnl_invalid_arguments (2), matmul F32 ab [2, 3]"
                                    + " · F32 ab [4, 5] -> F32 ab [2, 5]; shapes, types or layouts do not fit together")
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(2));
        }
    }

    @Test
    void typeWithoutImplementationIsATypedError() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = bench.own(plain(DataType.S32, 2, 3));
            assertThatExceptionOfType(OneDnnException.class)
                    .isThrownBy(() -> new Softmax(src, src, 1, PrimitiveAttributes.PLAIN).create(bench.engine))
                    .withMessageContaining("dnnl_unimplemented (3)");
        }
    }

    @Test
    void thirteenDimensionsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> plain(DataType.F32, new long[13]));
    }

    @Test
    void bufferThatIsTooSmallIsRefused() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor descriptor = bench.own(plain(DataType.F32, 4));
            MemorySegment small = bench.buffer(15);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DnnlMemory.over(bench.engine, descriptor, small))
                    .withMessage("memory F32 a [4] needs 16 bytes, the buffer has 15");
            MemorySegment array = MemorySegment.ofArray(new float[4]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DnnlMemory.over(bench.engine, descriptor, array))
                    .withMessageContaining("native memory");
        }
    }

    @Test
    void memoryOfAnotherLayoutIsRefused() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor rows = bench.own(plain(DataType.F32, 4, 3));
            MemoryDescriptor columns = bench.own(strided(DataType.F32, new long[] {4, 3}, new long[] {1, 4}));
            Primitive copy = bench.own(new Reorder(rows, rows, PrimitiveAttributes.PLAIN).create(bench.engine));
            DnnlMemory src = bench.memory(rows);
            DnnlMemory transposed = bench.memory(columns);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Execution.prepare(copy, Map.of(Argument.SRC, src, Argument.DST, transposed)))
                    .withMessageEndingWith("takes dst as F32 ab [4, 3], given F32 ba [4, 3]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Execution.prepare(copy, Map.of(Argument.WEIGHTS, src)))
                    .withMessageEndingWith("has no argument weights");
        }
    }

    @Test
    void missingArgumentIsATypedError() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor vector = bench.own(plain(DataType.F32, 4));
            Primitive copy = bench.own(new Reorder(vector, vector, PrimitiveAttributes.PLAIN).create(bench.engine));
            Execution execution = bench.own(Execution.prepare(copy, Map.of(Argument.SRC, bench.memory(vector))));
            assertThatExceptionOfType(OneDnnException.class).isThrownBy(() -> execution.run(bench.stream));
        }
    }

    @Test
    void closingTwiceIsHarmlessAndUseAfterCloseIsRefused() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor vector = bench.own(plain(DataType.F32, 4));
            Primitive copy = new Reorder(vector, vector, PrimitiveAttributes.PLAIN).create(bench.engine);
            DnnlMemory src = DnnlMemory.over(bench.engine, vector, bench.buffer(16));
            Execution execution =
                    Execution.prepare(copy, Map.of(Argument.SRC, src, Argument.DST, bench.memory(vector)));
            execution.run(bench.stream);
            src.close();
            src.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> execution.run(bench.stream))
                    .withMessage("DnnlMemory is closed");
            copy.close();
            copy.close();
            assertThatIllegalStateException().isThrownBy(copy::implementation).withMessage("Primitive is closed");
            execution.close();
            execution.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> execution.run(bench.stream))
                    .withMessage("Execution is closed");
        }
    }

    @Test
    void freedBufferIsRefused() {
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor vector = bench.own(plain(DataType.F32, 4));
            Primitive copy = bench.own(new Reorder(vector, vector, PrimitiveAttributes.PLAIN).create(bench.engine));
            Arena arena = Arena.ofConfined();
            DnnlMemory src = bench.own(DnnlMemory.over(bench.engine, vector, arena.allocate(16)));
            Execution execution =
                    bench.own(Execution.prepare(copy, Map.of(Argument.SRC, src, Argument.DST, bench.memory(vector))));
            arena.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> execution.run(bench.stream))
                    .withMessage("the buffer under memory F32 a [4] was freed");
        }
    }

    @Test
    void anotherThreadIsRefused() throws InterruptedException {
        try (Workbench bench = new Workbench()) {
            Throwable[] thrown = new Throwable[1];
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    bench.stream.await();
                } catch (WrongThreadException refusal) {
                    thrown[0] = refusal;
                }
            });
            other.join();
            assertThat(thrown[0]).isInstanceOf(WrongThreadException.class);
        }
    }

    @Test
    void tenThousandRunsAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor vector = bench.own(plain(DataType.F32, 16));
            Primitive add = bench.own(new Binary(BinaryAlgorithm.ADD, vector, vector, vector, PrimitiveAttributes.PLAIN)
                    .create(bench.engine));
            MemorySegment result = bench.buffer(64);
            DnnlMemory sum = bench.memory(vector, result);
            DnnlMemory one = bench.memory(
                    vector, bench.buffer(DataType.F32, new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
            Execution execution = bench.own(
                    Execution.prepare(add, Map.of(Argument.SRC, sum, Argument.SRC_1, one, Argument.DST, sum)));
            for (int i = 0; i < 30_000; i++) {
                execution.run(bench.stream);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                execution.run(bench.stream);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            System.out.println("10,000 runs allocate " + allocated + " bytes (limit 10,000)");
            assertThat(result.getAtIndex(ValueLayout.JAVA_FLOAT, 15)).isEqualTo(40_000);
            assertThat(allocated).isLessThan(10_000);
        }
    }
}
