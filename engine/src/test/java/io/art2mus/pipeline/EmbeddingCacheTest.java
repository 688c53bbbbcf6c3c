package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors of pictures, kept between runs. */
class EmbeddingCacheTest {
    private static final EmbeddingCache.Key KEY = new EmbeddingCache.Key(
            "imagebind", "p".repeat(64), "w".repeat(64), "ONNX Runtime 1.28.0", "a cpu", "f32", 2);

    @TempDir
    private Path folder;

    private final AtomicInteger made = new AtomicInteger();

    /** Awkward floats in an awkward shape. */
    private HostTensor make(Arena arena) {
        made.incrementAndGet();
        HostTensor tensor = HostTensor.allocate(arena, Shape.of(1, 1, 7));
        float[] values = {0f, -0f, Float.MIN_VALUE, 1f / 3, -Float.MAX_VALUE, 1e-40f, 0.1f};
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    private HostTensor get(EmbeddingCache cache, EmbeddingCache.Key key, Arena arena) {
        return cache.get(key, arena, () -> make(arena));
    }

    private EmbeddingCache cache() {
        return new EmbeddingCache(UserCache.at(folder));
    }

    @Test
    void secondRunGetsTheSameBitsAndShapeWithoutComputing() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor first = get(cache(), KEY, arena);
            HostTensor second = get(cache(), KEY, arena);
            assertThat(made).hasValue(1);
            assertThat(second.shape()).isEqualTo(first.shape());
            assertThat(second.data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(first.data().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void whateverCouldAlterTheBitsMakesAnotherEntry() {
        List<EmbeddingCache.Key> others = List.of(
                new EmbeddingCache.Key(
                        "clap", KEY.input(), KEY.weights(), KEY.library(), KEY.device(), KEY.precision(), 2),
                new EmbeddingCache.Key(
                        KEY.encoder(), "q".repeat(64), KEY.weights(), KEY.library(), KEY.device(), KEY.precision(), 2),
                new EmbeddingCache.Key(
                        KEY.encoder(), KEY.input(), "v".repeat(64), KEY.library(), KEY.device(), KEY.precision(), 2),
                new EmbeddingCache.Key(
                        KEY.encoder(),
                        KEY.input(),
                        KEY.weights(),
                        "ONNX Runtime 1.29.0",
                        KEY.device(),
                        KEY.precision(),
                        2),
                new EmbeddingCache.Key(
                        KEY.encoder(), KEY.input(), KEY.weights(), KEY.library(), "another cpu", KEY.precision(), 2),
                new EmbeddingCache.Key(
                        KEY.encoder(), KEY.input(), KEY.weights(), KEY.library(), KEY.device(), "bf16", 2),
                new EmbeddingCache.Key(
                        KEY.encoder(), KEY.input(), KEY.weights(), KEY.library(), KEY.device(), KEY.precision(), 1));
        try (Arena arena = Arena.ofConfined()) {
            get(cache(), KEY, arena);
            others.forEach(other -> get(cache(), other, arena));
        }
        assertThat(made).hasValue(1 + others.size());
    }

    @Test
    void damagedVectorIsComputedAgain() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            get(cache(), KEY, arena);
            try (Stream<Path> entries = Files.list(folder.resolve("embeddings"))) {
                entries.forEach(EmbeddingCacheTest::truncate);
            }
            assertThat(get(cache(), KEY, arena).shape()).isEqualTo(Shape.of(1, 1, 7));
            get(cache(), KEY, arena);
        }
        assertThat(made).hasValue(2);
    }

    private static void truncate(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void withoutACacheNothingIsKept() {
        try (Arena arena = Arena.ofConfined()) {
            get(new EmbeddingCache(null), KEY, arena);
            get(new EmbeddingCache(null), KEY, arena);
        }
        assertThat(made).hasValue(2);
        assertThat(folder).isEmptyDirectory();
    }
}
