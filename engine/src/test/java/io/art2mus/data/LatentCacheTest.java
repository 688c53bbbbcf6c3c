package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentCacheTest {
    private static final Shape SHAPE = Shape.of(1, 3, 5, 4);

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void release() {
        arena.close();
    }

    private LatentCache cache() {
        return new LatentCache(UserCache.at(folder), SHAPE, arena);
    }

    private HostTensor moments(float first) {
        HostTensor moments = HostTensor.allocate(arena, SHAPE);
        for (long i = 0; i < SHAPE.elements(); i++) {
            moments.set(i, first + i / 7f);
        }
        return moments;
    }

    private static float[] values(HostTensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void whatIsKeptComesBackBitForBitAndMapped() {
        HostTensor made = moments(-0f);
        HostTensor kept = cache().keep("a", made);
        HostTensor found = cache().find("a").orElseThrow();

        assertThat(values(kept)).isEqualTo(values(made));
        assertThat(values(found)).isEqualTo(values(made));
        assertThat(found.data().isMapped()).isTrue();
        assertThat(found.data().isReadOnly()).isTrue();
        assertThat(cache().find("b")).isEmpty();
    }

    @Test
    void damagedLatentsAreNotFoundAndMadeAgain() throws IOException {
        cache().keep("a", moments(1));
        Path file = folder.resolve("latents/a");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 40);
        }
        assertThat(cache().find("a")).isEmpty();
        Files.write(file, new byte[12]);
        assertThat(cache().find("a")).isEmpty();

        cache().keep("a", moments(2));
        assertThat(values(cache().find("a").orElseThrow())).isEqualTo(values(moments(2)));
    }

    /** A whole file of another shape, such as a truncated one that was verified elsewhere. */
    @Test
    void latentsOfAnotherSizeAreNotFound() {
        UserCache.at(folder).replace(CacheKind.LATENTS, "a", out -> out.write(new byte[16]));

        assertThat(cache().find("a")).isEmpty();
    }

    @Test
    void mappedLatentsOutliveTheirFile() {
        HostTensor kept = cache().keep("a", moments(3));
        assertThat(UserCache.at(folder).clear(EnumSet.of(CacheKind.LATENTS)).entries())
                .isEqualTo(1);

        assertThat(values(kept)).isEqualTo(values(moments(3)));
        assertThat(cache().find("a")).isEmpty();
    }

    @Test
    void withoutACacheTheyAreInMemory() {
        LatentCache none = new LatentCache(null, SHAPE, arena);
        HostTensor made = moments(4);
        HostTensor kept = none.keep("a", made);

        assertThat(values(kept)).isEqualTo(values(made));
        assertThat(kept.data().isMapped()).isFalse();
        assertThat(none.find("a")).isEmpty();
    }

    @Test
    void folderThatCannotBeWrittenToKeepsThemInMemory() {
        LatentCache unwritable = new LatentCache(UserCache.at(Path.of("/proc/none")), SHAPE, arena);

        assertThat(values(unwritable.keep("a", moments(5)))).isEqualTo(values(moments(5)));
    }

    @Test
    void severalThatWriteAtOnceLeaveWholeLatents() throws InterruptedException {
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    for (int round = 0; round < 25; round++) {
                        cache().keep("a" + round % 3, moments(6));
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(values(cache().find("a" + i).orElseThrow())).isEqualTo(values(moments(6)));
        }
    }
}
