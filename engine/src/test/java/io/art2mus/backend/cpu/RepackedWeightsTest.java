package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.DType;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters that one plan repacked and the next one maps. */
final class RepackedWeightsTest {
    private static final Shape PICTURE = Shape.of(1, 6, 10, 48);

    @TempDir
    private Path folder;

    private UserCache cache;

    @BeforeEach
    void open() {
        cache = UserCache.at(folder.resolve("cache"));
    }

    @Test
    void theSecondPlanMapsWhatTheFirstRepackedAndComputesTheSameBits() {
        String uncached = run(null, "weights", 1, PICTURE).result;
        Ran first = run(cache, "weights", 1, PICTURE);
        List<Path> files = files();
        Ran second = run(cache, "weights", 1, PICTURE);

        System.out.printf("repacked bytes: %d, then %d%n", first.repackedBytes, second.repackedBytes);
        assertThat(first.repackedBytes).isPositive();
        assertThat(second.repackedBytes).isZero();
        assertThat(first.result).isEqualTo(uncached);
        assertThat(second.result).isEqualTo(uncached);
        assertThat(files()).hasSize(1).isEqualTo(files);
    }

    @Test
    void otherWeightsAreNotMistakenForTheseUnderAnotherIdentity() {
        run(cache, "weights", 1, PICTURE);
        String expected = run(null, "other", 2, PICTURE).result;
        Ran other = run(cache, "other", 2, PICTURE);
        assertThat(other.repackedBytes).isPositive();
        assertThat(other.result).isEqualTo(expected);
        assertThat(files()).hasSize(2);
    }

    @Test
    void anotherLengthUsesTheSameFile() {
        run(cache, "weights", 1, PICTURE);
        Shape longer = Shape.of(1, 24, 10, 48);
        String expected = run(null, "weights", 1, longer).result;
        assertThat(run(cache, "weights", 1, longer).result).isEqualTo(expected);
        assertThat(run(cache, "weights", 1, PICTURE).repackedBytes).isZero();
        assertThat(run(cache, "weights", 1, longer).repackedBytes).isZero();
        assertThat(files()).hasSize(1);
    }

    @Test
    void aDamagedFileIsWrittenAgain() throws IOException {
        String expected = run(cache, "weights", 1, PICTURE).result;
        Path file = files().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        Ran second = run(cache, "weights", 1, PICTURE);

        assertThat(second.repackedBytes).isPositive();
        assertThat(second.result).isEqualTo(expected);
        assertThat(run(cache, "weights", 1, PICTURE).repackedBytes).isZero();
    }

    @Test
    void aTableThatContradictsTheFileIsWrittenAgain() throws IOException {
        String expected = run(cache, "weights", 1, PICTURE).result;
        String name = files().getFirst().getFileName().toString();
        for (byte[] nonsense : List.of(new byte[0], new byte[7], new byte[64], filled(64), cut(name))) {
            cache.replace(CacheKind.WEIGHTS, name, out -> out.write(nonsense));
            Ran ran = run(cache, "weights", 1, PICTURE);
            assertThat(ran.repackedBytes).isPositive();
            assertThat(ran.result).isEqualTo(expected);
        }
        assertThat(run(cache, "weights", 1, PICTURE).repackedBytes).isZero();
    }

    @Test
    void nothingIsKeptOfWeightsThatNobodyCanTellFromOthers() {
        try (Arena arena = Arena.ofConfined();
                CpuBackend backend = CpuBackend.open(1, Precision.F32, cache);
                Plan plan = backend.compile(graph(arena, 1, PICTURE))) {
            assertThat(plan.memory().weights()).isPositive();
        }
        assertThat(cache.usage()).doesNotContainKey(CacheKind.WEIGHTS);
    }

    private byte[] cut(String name) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("cache/weights").resolve(name));
        return Arrays.copyOf(whole, whole.length - 300);
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x7f);
        return bytes;
    }

    /** What a plan computed, and the bytes it repacked itself. */
    private record Ran(String result, long repackedBytes) {}

    private static Ran run(@Nullable UserCache cache, String identity, int seed, Shape shape) {
        try (Arena arena = Arena.ofConfined();
                CpuBackend backend = CpuBackend.open(1, CpuBackend.bestPrecision(), cache);
                Plan plan = backend.compile(graph(arena, seed, shape), Map.of(), Optional.of(identity))) {
            HostTensor x = HostTensor.allocate(arena, shape);
            fill(x.data(), new Random(7));
            plan.input("x").upload(x);
            plan.run();
            HostTensor y = HostTensor.allocate(arena, plan.output("y").shape());
            plan.output("y").download(y);
            return new Ran(
                    HexFormat.of().formatHex(y.data().toArray(ValueLayout.JAVA_BYTE)),
                    plan.memory().weights());
        }
    }

    /** A convolution, then two products whose matrices are rows of one stored parameter. */
    private static Graph graph(Arena arena, int seed, Shape shape) {
        Random random = new Random(seed);
        ParameterSource source = (path, expected) -> {
            MemorySegment data = arena.allocate(expected.elements() * Float.BYTES, 64);
            fill(data, random);
            return Parameter.contiguous(path, DType.F32, expected, data);
        };
        GraphBuilder builder = GraphBuilder.create("test", source);
        Value x = builder.input("x", shape);
        Value convolved = builder.conv2d(x, builder.parameter("conv.weight", 64, 48, 3, 3), null, Window.square(1, 1));
        Parameter packed = builder.stored("packed.weight", 128, 64);
        Value left = builder.linear(convolved, builder.constant(packed.rows(0, 64)), null);
        Value right = builder.linear(convolved, builder.constant(packed.rows(64, 64)), null);
        builder.output("y", builder.concat(3, List.of(left, right)));
        return builder.build();
    }

    private static void fill(MemorySegment data, Random random) {
        for (long i = 0; i < data.byteSize() / Float.BYTES; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder.resolve("cache/weights"))) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
