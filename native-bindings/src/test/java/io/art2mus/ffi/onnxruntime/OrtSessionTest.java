package io.art2mus.ffi.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.ffi.LibraryStatus;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtSessionTest {
    private static final int THREADS = 2;
    private static final int ROWS = 5;
    private static final int IN = 7;
    private static final int OUT = 11;

    private final Arena arena = Arena.ofConfined();
    private final OrtEnvironment environment = OrtEnvironment.open();
    private @TempDir Path folder;

    @AfterEach
    void closeEnvironment() {
        environment.close();
        arena.close();
    }

    /** {@code y = x · weightᵀ + bias}: a weight above the library's 128 bytes and a bias below them. */
    private static OnnxGraph linear(MemorySegment weight, MemorySegment bias) {
        OnnxGraph graph = new OnnxGraph(20);
        OnnxValue x = graph.input("x", TensorType.FLOAT, OnnxGraph.ANY, IN);
        OnnxValue w = graph.initializer("weight", TensorType.FLOAT, weight, OUT, IN);
        OnnxValue b = graph.initializer("bias", TensorType.FLOAT, bias, OUT);
        OnnxValue y = graph.node("Gemm", List.of(x, w, b), OnnxAttribute.of("transB", 1));
        graph.output(y, TensorType.FLOAT, OnnxGraph.ANY, OUT);
        return graph;
    }

    private MemorySegment random(int count) {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, count);
        for (int index = 0; index < count; index++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) random.nextGaussian());
        }
        return values;
    }

    private MemorySegment mapped(MemorySegment contents, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, contents.toArray(ValueLayout.JAVA_BYTE));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    @Test
    void theLibraryThatWeCarryComputesOnTheCpuAlone() {
        assertThat(OnnxRuntime.hasCuda()).isFalse();
    }

    @Test
    void carriedLibraryIsTheSupportedOne() {
        assertThat(OnnxRuntime.status())
                .isInstanceOfSatisfying(
                        LibraryStatus.Available.class,
                        loaded -> assertThat(loaded.version()).isEqualTo("1.28.0"));
    }

    @Test
    void linearOnMappedFileEqualsPlainJava() throws IOException {
        MemorySegment weight = mapped(random(OUT * IN), "weight");
        MemorySegment bias = mapped(random(OUT), "bias");
        MemorySegment x = random(ROWS * IN);
        MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, ROWS * OUT);

        try (OrtSession session = OrtSession.open(environment, linear(weight, bias), THREADS);
                OrtValue input = OrtValue.over(environment, TensorType.FLOAT, x, ROWS, IN);
                OrtValue output = OrtValue.over(environment, TensorType.FLOAT, y, ROWS, OUT)) {
            session.run(List.of(input), List.of(output));
        }

        double worst = IntStream.range(0, ROWS * OUT)
                .mapToDouble(index -> Math.abs(y.getAtIndex(ValueLayout.JAVA_FLOAT, index)
                        - expected(x, weight, bias, index / OUT, index % OUT)))
                .max()
                .orElseThrow();
        System.out.printf("onnx linear on mapped weights: %.1e (limit 1e-05)%n", worst);
        assertThat(worst).isLessThan(1e-5);
    }

    /** Half-precision weights as they lie in a file: 2 bytes off any larger alignment, widened by the graph. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void halfPrecisionWeightsAreReadUnalignedAndWidened(TensorType type) {
        int count = 80;
        MemorySegment stored = arena.allocate(2 + 2L * count, 64).asSlice(2);
        MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, count);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (index - 40) * 0.25f;
            short bits = type == TensorType.FLOAT16
                    ? Float.floatToFloat16(values[index])
                    : (short) (Float.floatToIntBits(values[index]) >>> 16);
            stored.setAtIndex(ValueLayout.JAVA_SHORT, index, bits);
        }
        OnnxGraph graph = new OnnxGraph(20);
        OnnxValue zero = graph.input("zero", TensorType.FLOAT, 1);
        OnnxValue weight = graph.initializer("weight", type, stored, count);
        OnnxValue widened = graph.node("Cast", List.of(weight), OnnxAttribute.of("to", TensorType.FLOAT.code()));
        graph.output(graph.node("Add", List.of(widened, zero)), TensorType.FLOAT, count);
        try (OrtSession session = OrtSession.open(environment, graph, THREADS);
                OrtValue input = OrtValue.over(environment, TensorType.FLOAT, arena.allocate(4, 4), 1);
                OrtValue output = OrtValue.over(environment, TensorType.FLOAT, y, count)) {
            session.run(List.of(input), List.of(output));
        }
        assertThat(y.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(values);
    }

    private static double expected(MemorySegment x, MemorySegment weight, MemorySegment bias, int row, int column) {
        double sum = bias.getAtIndex(ValueLayout.JAVA_FLOAT, column);
        for (int k = 0; k < IN; k++) {
            sum += (double) x.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * IN + k)
                    * weight.getAtIndex(ValueLayout.JAVA_FLOAT, (long) column * IN + k);
        }
        return sum;
    }

    @Test
    void inputOfAnotherShapeIsTypedError() {
        try (OrtSession session = OrtSession.open(environment, linear(random(OUT * IN), random(OUT)), THREADS);
                OrtValue input = OrtValue.over(environment, TensorType.FLOAT, random(ROWS * 3), ROWS, 3);
                OrtValue output = OrtValue.over(environment, TensorType.FLOAT, random(ROWS * OUT), ROWS, OUT)) {
            assertThatThrownBy(() -> session.run(List.of(input), List.of(output)))
                    .isInstanceOfSatisfying(OrtException.class, failure -> {
                        assertThat(failure.call()).isEqualTo("Run");
                        assertThat(failure.code()).isEqualTo(2);
                        assertThat(failure)
                                .hasMessageContaining("ORT_INVALID_ARGUMENT")
                                .hasMessageContaining("Expected: 7");
                        assertThat(failure.getMessage()).doesNotContain("\n");
                    });
        }
    }

    @Test
    void unknownOperatorIsTypedError() {
        OnnxGraph graph = new OnnxGraph(20);
        OnnxValue x = graph.input("x", TensorType.FLOAT, IN);
        graph.output(graph.node("Paint", List.of(x)), TensorType.FLOAT, IN);
        assertThatThrownBy(() -> OrtSession.open(environment, graph, THREADS))
                .isInstanceOf(OrtException.class)
                .hasMessageContaining("CreateSessionFromModel failed")
                .hasMessageContaining("Paint");
    }

    @Test
    void weightTwiceUnderOneNameIsRefused() {
        OnnxGraph graph = new OnnxGraph(20);
        graph.initializer("weight", TensorType.FLOAT, random(OUT), OUT);
        assertThatThrownBy(() -> graph.initializer("weight", TensorType.FLOAT, random(OUT), OUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight");
    }

    @Test
    void weightOfAnotherSizeIsRefused() {
        OnnxGraph graph = new OnnxGraph(20);
        assertThatThrownBy(() -> graph.initializer("weight", TensorType.FLOAT, random(OUT), OUT, IN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[11, 7]");
    }

    @Test
    void wrongNumberOfInputsIsRefused() {
        try (OrtSession session = OrtSession.open(environment, linear(random(OUT * IN), random(OUT)), THREADS)) {
            assertThatThrownBy(() -> session.run(List.of(), List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 inputs and 1 outputs");
        }
    }

    @Test
    void closedSessionRefusesToRunAndClosesTwice() {
        OrtSession session = OrtSession.open(environment, linear(random(OUT * IN), random(OUT)), THREADS);
        session.close();
        session.close();
        try (OrtValue input = OrtValue.over(environment, TensorType.FLOAT, random(ROWS * IN), ROWS, IN);
                OrtValue output = OrtValue.over(environment, TensorType.FLOAT, random(ROWS * OUT), ROWS, OUT)) {
            assertThatThrownBy(() -> session.run(List.of(input), List.of(output)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("OrtSession is closed");
        }
    }

    @Test
    void closedEnvironmentOpensNoSession() {
        OrtEnvironment closed = OrtEnvironment.open();
        closed.close();
        assertThatThrownBy(() -> OrtSession.open(closed, linear(random(OUT * IN), random(OUT)), THREADS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("OrtEnvironment is closed");
    }

    @Test
    void sessionIsBoundToItsThread() throws InterruptedException {
        try (OrtSession session = OrtSession.open(environment, linear(random(OUT * IN), random(OUT)), THREADS)) {
            Thread other =
                    new Thread(() -> assertThatThrownBy(session::close).isInstanceOf(WrongThreadException.class));
            Throwable[] seen = new Throwable[1];
            other.setUncaughtExceptionHandler((thread, failure) -> seen[0] = failure);
            other.start();
            other.join();
            assertThat(seen[0]).isNull();
        }
    }
}
