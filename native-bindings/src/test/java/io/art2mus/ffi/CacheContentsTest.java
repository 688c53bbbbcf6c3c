package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the cache holds: counting, the bound, clearing, and small entries. */
class CacheContentsTest {
    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.US_ASCII);
    private static final int BLOCK = 4096;

    @TempDir
    private Path temporary;

    private UserCache cache(long limit) {
        return UserCache.at(temporary, limit);
    }

    /** A library of one block, which with its marker takes two. */
    private static Path library(UserCache cache, String name) {
        return cache.entry(CacheKind.NATIVES, name, out -> out.write(new byte[BLOCK]));
    }

    private static void usedBefore(Path entry, Duration duration) throws IOException {
        Path marker = CacheEntry.marker(entry);
        FileTime then = FileTime.from(Instant.now().minus(duration));
        Files.setLastModifiedTime(Files.exists(marker) ? marker : entry, then);
    }

    private List<Path> smallEntries() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("digests"))) {
            return files.toList();
        }
    }

    @Test
    void whatWasRememberedIsRecalledUnderItsKeyAlone() {
        UserCache cache = cache(UserCache.LIMIT);
        assertThat(cache.recall(CacheKind.DIGESTS, "key")).isEmpty();
        cache.remember(CacheKind.DIGESTS, "key", BYTES);
        cache.remember(CacheKind.DIGESTS, "empty", new byte[0]);
        assertThat(cache.recall(CacheKind.DIGESTS, "key")).contains(BYTES);
        assertThat(cache.recall(CacheKind.DIGESTS, "empty")).contains(new byte[0]);
        assertThat(cache.recall(CacheKind.DIGESTS, "another key")).isEmpty();
        assertThat(cache.recall(CacheKind.EMBEDDINGS, "key")).isEmpty();
        cache.remember(CacheKind.DIGESTS, "key", new byte[] {1});
        assertThat(cache.recall(CacheKind.DIGESTS, "key")).contains(new byte[] {1});
        assertThat(cache.usage()).containsOnly(Map.entry(CacheKind.DIGESTS, new CacheUsage(2, 2L * BLOCK)));
    }

    @Test
    void damagedSmallEntryIsForgottenAndCanBeRememberedAgain() throws IOException {
        UserCache cache = cache(UserCache.LIMIT);
        cache.remember(CacheKind.DIGESTS, "key", BYTES);
        Path file = smallEntries().getFirst();
        byte[] stored = Files.readAllBytes(file);
        for (int length = 0; length < stored.length; length++) {
            Files.write(file, Arrays.copyOf(stored, length));
            assertThat(cache.recall(CacheKind.DIGESTS, "key")).isEmpty();
        }
        for (int i = 0; i < stored.length; i++) {
            byte[] flipped = stored.clone();
            flipped[i] ^= 1;
            Files.write(file, flipped);
            assertThat(cache.recall(CacheKind.DIGESTS, "key")).isEmpty();
        }
        cache.remember(CacheKind.DIGESTS, "key", BYTES);
        assertThat(cache.recall(CacheKind.DIGESTS, "key")).contains(BYTES);
    }

    @Test
    void smallEntriesAreOnlyOfTheirOwner() throws IOException {
        Path file = Files.createFile(temporary.resolve("digests"));
        UserCache cache = cache(UserCache.LIMIT);
        assertThat(cache.recall(CacheKind.DIGESTS, "key")).isEmpty();
        assertThatThrownBy(() -> cache.remember(CacheKind.DIGESTS, "key", BYTES))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining(file + " is refused: it is a file, not a folder");
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() throws IOException {
        UserCache cache = cache(6L * BLOCK);
        Path first = library(cache, "first");
        Path second = library(cache, "second");
        Path third = library(cache, "third");
        usedBefore(first, Duration.ofDays(1));
        usedBefore(second, Duration.ofDays(3));
        usedBefore(third, Duration.ofDays(2));
        library(cache, "fourth");
        assertThat(second).doesNotExist();
        assertThat(CacheEntry.marker(second)).doesNotExist();
        assertThat(List.of(first, third)).allSatisfy(kept -> assertThat(kept).exists());
        // Using it makes it young.
        usedBefore(first, Duration.ofDays(4));
        library(cache, "first");
        library(cache, "fifth");
        assertThat(first).exists();
        assertThat(third).doesNotExist();
        assertThat(cache.usage()).containsOnly(Map.entry(CacheKind.NATIVES, new CacheUsage(3, 6L * BLOCK)));
    }

    @Test
    void whatAProcessMayJustBeOpeningStaysHoweverLittleIsAllowed() throws IOException {
        UserCache cache = cache(1);
        Path young = library(cache, "young");
        Path old = library(cache, "old");
        usedBefore(old, Duration.ofMinutes(11));
        library(cache, "another");
        assertThat(young).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void smallEntriesCountWholeBlocksAndAreBoundedToo() throws IOException {
        UserCache cache = cache(3L * BLOCK);
        for (int i = 0; i < 8; i++) {
            cache.remember(CacheKind.DIGESTS, "old " + i, BYTES);
        }
        for (Path entry : smallEntries()) {
            usedBefore(entry, Duration.ofHours(1));
        }
        assertThat(cache.recall(CacheKind.DIGESTS, "old 3")).isPresent();
        cache(3L * BLOCK).remember(CacheKind.DIGESTS, "new", BYTES);
        assertThat(smallEntries()).hasSize(3);
        assertThat(cache.recall(CacheKind.DIGESTS, "old 3")).as("used last").isPresent();
        assertThat(cache.recall(CacheKind.DIGESTS, "new")).isPresent();
    }

    @Test
    void clearingTakesTheNamedKindsAlone() {
        UserCache cache = cache(UserCache.LIMIT);
        assertThat(cache.clear(Set.of(CacheKind.NATIVES))).isEqualTo(new CacheUsage(0, 0));
        Path library = library(cache, "version-1/library");
        cache.remember(CacheKind.DIGESTS, "key", BYTES);
        assertThat(cache.clear(Set.of(CacheKind.DIGESTS))).isEqualTo(new CacheUsage(1, BLOCK));
        assertThat(cache.recall(CacheKind.DIGESTS, "key")).isEmpty();
        assertThat(library).exists();
        assertThat(cache.clear(EnumSet.allOf(CacheKind.class))).isEqualTo(new CacheUsage(1, 2L * BLOCK));
        assertThat(cache.usage()).isEmpty();
        assertThat(library(cache, "version-1/library")).exists();
    }

    @Test
    void filesOfSomebodyElseAreNeitherCountedNorDeleted() throws IOException {
        UserCache cache = cache(1);
        Path natives = Files.createDirectories(temporary.resolve("natives/mine"));
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        Path linked = library(UserCache.at(elsewhere), "linked");
        Files.createSymbolicLink(natives.resolve("folder"), linked.getParent());
        Files.createSymbolicLink(natives.resolve("file"), linked);
        List<Path> foreign = List.of(
                Files.writeString(natives.resolve("thesis.txt"), "mine"),
                Files.writeString(natives.resolve(".hidden"), "mine"),
                Files.writeString(temporary.resolve("natives/0123.entry"), "mine"),
                Files.writeString(temporary.resolve("thesis.txt"), "mine"),
                linked);
        assertThat(cache.usage()).isEmpty();
        cache.clear(EnumSet.allOf(CacheKind.class));
        library(cache, "one");
        assertThat(foreign).allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void aMappedLibraryOutlivesClearing() throws IOException {
        UserCache cache = cache(UserCache.LIMIT);
        Path library = cache.entry(CacheKind.NATIVES, "library", out -> out.write(BYTES));
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(library)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES.length, arena);
            cache.clear(Set.of(CacheKind.NATIVES));
            assertThat(library).doesNotExist();
            assertThat(mapped.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(BYTES);
        }
    }

    @Test
    void whatIsBeingWrittenSurvivesClearingAndWhatWasAbandonedDoesNot() throws IOException {
        UserCache cache = cache(UserCache.LIMIT);
        Path entry = cache.entry(CacheKind.NATIVES, "slow", out -> {
            out.write(BYTES);
            cache.clear(Set.of(CacheKind.NATIVES));
        });
        assertThat(entry).hasBinaryContent(BYTES);
        Path abandoned = Files.createFile(temporary.resolve("natives/.old.part"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        cache.clear(Set.of(CacheKind.NATIVES));
        assertThat(abandoned).doesNotExist();
    }

    /** Two that use, one that clears, and a bound that has every write delete: nobody ever sees other bytes than were kept. */
    @Test
    void racingUsersAndClearersSeeIntactEntriesOrNone() throws Exception {
        List<Callable<Integer>> racers = Stream.concat(
                        IntStream.range(0, 2).mapToObj(racer -> (Callable<Integer>) this::useManyTimes),
                        Stream.of(this::clearManyTimes))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(racers.size())) {
            int recalled = 0;
            for (var racer : threads.invokeAll(racers)) {
                recalled += racer.get();
            }
            System.out.println("cache race: " + recalled + " of 600 recalled intact, the others made again");
        }
    }

    private int useManyTimes() throws IOException {
        UserCache cache = cache(1);
        int recalled = 0;
        for (int i = 0; i < 300; i++) {
            String key = "key " + i % 3;
            byte[] expected = key.repeat(1000).getBytes(StandardCharsets.US_ASCII);
            var found = cache.recall(CacheKind.EMBEDDINGS, key);
            if (found.isPresent()) {
                assertThat(found.get()).isEqualTo(expected);
                recalled++;
            }
            cache.remember(CacheKind.EMBEDDINGS, key, expected);
        }
        return recalled;
    }

    private int clearManyTimes() {
        UserCache cache = cache(1);
        for (int i = 0; i < 100; i++) {
            cache.clear(EnumSet.allOf(CacheKind.class));
        }
        return 0;
    }
}
