package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.Parameter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small good files, damaged at random from a fixed seed: each is read whole or refused in one line. Whatever else comes
 * out of a parser, an error of the virtual machine or a hang included, fails.
 */
class ParserFuzzTest {
    private static final int ROUNDS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Values at which sizes, offsets and signs go wrong. */
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        127,
        128,
        255,
        256,
        65535,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    @TempDir
    private Path folder;

    static Stream<Arguments> goodFiles() throws IOException {
        TorchBytes zip = TorchBytes.honest();
        byte[] zip64 = zip.zip64(3, zip.end() - zip.directory(), zip.directory(), zip.end())
                .bytes();
        byte[] safetensors = SafetensorsBytes.aligned(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[8,10]}}",
                new byte[10]);
        String index = "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"m-1.safetensors\"}}";
        Path tiny = Path.of("src/test/resources/tiny-audioldm2");
        return Stream.of(
                Arguments.of("w.safetensors", safetensors),
                Arguments.of("m.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8)),
                Arguments.of("w.pth", TorchBytes.honest().bytes()),
                Arguments.of("w64.pth", zip64),
                Arguments.of("config.json", Files.readAllBytes(tiny.resolve("unet/config.json"))));
    }

    @BeforeEach
    void writeShardOfTheIndex() {
        SafetensorsBytes.write(
                folder.resolve("m-1.safetensors"),
                SafetensorsBytes.of("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodFiles")
    void damagedFileIsReadOrRefused(String name, byte[] good) {
        Path file = folder.resolve(name);
        Consumer<Path> read = name.equals("config.json") ? ModelConfig::read : ParserFuzzTest::readWhole;
        assertThat(isRead(read, SafetensorsBytes.write(file, good)))
                .as("the good file is read")
                .isTrue();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261121);
        int[] outcomes = new int[2];
        Assertions.assertTimeoutPreemptively(LIMIT, () -> {
            for (int round = 0; round < ROUNDS; round++) {
                SafetensorsBytes.write(file, damaged(good, random));
                outcomes[isRead(read, file) ? 0 : 1]++;
            }
        });
        System.out.printf("fuzzed %s: %d read, %d refused%n", name, outcomes[0], outcomes[1]);
        assertThat(outcomes[1]).as("refusals").isPositive();
    }

    private static boolean isRead(Consumer<Path> read, Path file) {
        try {
            read.accept(file);
            return true;
        } catch (WeightsException refused) {
            assertThat(refused).message().hasLineCount(1).hasSizeLessThan(1_500);
            return false;
        }
    }

    /** Touches every byte of every tensor, so that a span outside the file would show. */
    private static void readWhole(Path file) {
        try (WeightFile weights = WeightFile.open(file)) {
            for (String name : weights.names()) {
                Parameter parameter = weights.parameter(name);
                long sum = 0;
                for (long at = 0; at < parameter.data().byteSize(); at++) {
                    sum += parameter.data().get(ValueLayout.JAVA_BYTE, at);
                }
                assertThat(Math.abs(sum))
                        .isLessThanOrEqualTo(128 * parameter.data().byteSize());
            }
        }
    }

    private static byte[] damaged(byte[] good, RandomGenerator random) {
        byte[] bytes = good.clone();
        for (int times = random.nextInt(1, 3); times > 0; times--) {
            bytes = damagedOnce(bytes, random);
        }
        return bytes;
    }

    private static byte[] damagedOnce(byte[] bytes, RandomGenerator random) {
        if (bytes.length < Long.BYTES + 1) {
            return bytes;
        }
        int at = random.nextInt(bytes.length - Long.BYTES);
        long edge = EDGES[random.nextInt(EDGES.length)];
        ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> little.putShort(at, (short) edge);
            case 3 -> little.putInt(at, (int) edge);
            case 4 -> little.putLong(at, edge);
            case 5 -> System.arraycopy(bytes, random.nextInt(bytes.length - Long.BYTES), bytes, at, Long.BYTES);
            case 6 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                return inserted(bytes, at, Long.toString(edge).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return bytes;
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        return ByteBuffer.allocate(bytes.length + more.length)
                .put(bytes, 0, at)
                .put(more)
                .put(bytes, at, bytes.length - at)
                .array();
    }
}
