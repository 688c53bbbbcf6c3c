package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCacheTest {
    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path temporary;

    private final AtomicInteger made = new AtomicInteger();

    private Path abc(UserCache cache) {
        return cache.entry(CacheKind.NATIVES, "letters-1/abc", SHA256_OF_ABC, out -> {
            made.incrementAndGet();
            out.write("abc".getBytes(StandardCharsets.US_ASCII));
        });
    }

    @Test
    void locationIsTheVariableThenXdgThenHome() {
        Map<String, String> both = Map.of("ART2MUS_CACHE", "/a", "XDG_CACHE_HOME", "/x");
        assertThat(UserCache.location(both::get, "/home/u")).isEqualTo(Path.of("/a"));
        Map<String, String> xdg = Map.of("XDG_CACHE_HOME", "/x");
        assertThat(UserCache.location(xdg::get, "/home/u")).isEqualTo(Path.of("/x/art2mus"));
        Map<String, String> relative = Map.of("XDG_CACHE_HOME", "x");
        assertThat(UserCache.location(relative::get, "/home/u")).isEqualTo(Path.of("/home/u/.cache/art2mus"));
        assertThatThrownBy(() -> UserCache.location(relative::get, "?"))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("no home folder")
                .hasMessageContaining("set ART2MUS_CACHE");
    }

    @Test
    void foldersArePrivate() throws IOException {
        Path open = Files.createDirectory(
                temporary.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path natives = UserCache.at(open).folder(CacheKind.NATIVES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(natives)))
                .isEqualTo("rwx------");
    }

    @Test
    void entryIsMadeOnceAndCounted() {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        assertThat(cache.usage()).isEmpty();
        Path file = abc(cache);
        assertThat(file).hasContent("abc");
        assertThat(abc(cache)).isEqualTo(file);
        assertThat(made).hasValue(1);
        assertThat(cache.usage()).containsOnly(Map.entry(CacheKind.NATIVES, new CacheUsage(1, 2 * 4096)));
    }

    @Test
    void truncatedOrAlteredEntryIsMadeAgain() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        Path file = abc(cache);
        Files.writeString(file, "ab");
        assertThat(abc(cache)).hasContent("abc");
        Files.writeString(file, "abd");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        assertThat(abc(cache)).hasContent("abc");
        assertThat(made).hasValue(3);
    }

    @Test
    void entryWithoutItsMarkerIsHashedAndKept() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        Path marker = abc(cache).resolveSibling(".abc.sha256");
        Files.delete(marker);
        abc(cache);
        assertThat(made).hasValue(1);
        assertThat(marker).content().startsWith(SHA256_OF_ABC + " 3 ");
    }

    @Test
    void intactEntryIsNotReadAgain() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        Path file = abc(cache);
        // Same size, time and inode: only a reader could see the difference.
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "xyz");
        Files.setLastModifiedTime(file, time);
        assertThat(abc(cache)).hasContent("xyz");
    }

    @Test
    void wrongContentIsRefusedAndNothingIsLeft() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        assertThatThrownBy(() -> cache.entry(CacheKind.NATIVES, "letters-1/abc", SHA256_OF_ABC, out -> out.write('a')))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining(SHA256_OF_ABC)
                .hasMessageContaining("build the project again");
        assertThat(temporary.resolve("cache/natives/letters-1")).isEmptyDirectory();
    }

    @Test
    void failingWriteNamesFileReasonAndRemedyAndLeavesTheOldEntry() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        assertThatThrownBy(() -> cache.entry(CacheKind.NATIVES, "half", out -> {
                    out.write('a');
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(CacheException.class)
                .hasMessage("cannot write " + temporary.resolve("cache/natives/half")
                        + ": No space left on device; make it writable with room to spare, or set ART2MUS_CACHE to"
                        + " another folder");
        assertThat(temporary.resolve("cache/natives")).isEmptyDirectory();
    }

    @Test
    void fileInPlaceOfAFolderIsRefused() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> UserCache.at(file).folder(CacheKind.NATIVES))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("it is a file, not a folder");
    }

    @Test
    void folderOfAnotherUserIsRefusedAlsoThroughALink() throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        Path foreign = root ? Files.createDirectory(temporary.resolve("foreign")) : Path.of("/usr");
        if (root) {
            Files.setAttribute(foreign, "unix:uid", 12345);
        }
        Path link = Files.createSymbolicLink(temporary.resolve("link"), foreign);
        for (Path folder : new Path[] {foreign, link}) {
            assertThatThrownBy(() -> UserCache.at(folder).folder(CacheKind.NATIVES))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("cache folder " + folder + " is refused: it belongs to user ")
                    .hasMessageEndingWith("set ART2MUS_CACHE to a folder of your own");
        }
        assertThat(foreign.resolve("natives")).doesNotExist();
    }

    @Test
    void partsOfKilledProcessesAreRemoved() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        Path entry = abc(cache);
        Path old = Files.createFile(entry.resolveSibling(".old.part"));
        Path young = Files.createFile(entry.resolveSibling(".young.part"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        cache.entry(CacheKind.NATIVES, "letters-1/def", out -> out.write('d'));
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void fullFileSystemLeavesNothingBehind() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        mount(disk, "size=64k");
        try {
            assertThatThrownBy(() ->
                            UserCache.at(disk).entry(CacheKind.NATIVES, "big", out -> out.write(new byte[1 << 20])))
                    .isInstanceOf(CacheException.class)
                    .hasMessage("cannot write " + disk + "/natives/big: No space left on device; make it writable"
                            + " with room to spare, or set ART2MUS_CACHE to another folder");
            assertThat(disk.resolve("natives")).isEmptyDirectory();
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void readOnlyFolderServesWhatItHoldsAndSaysWhyItTakesNoMore() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        mount(disk, "size=1m");
        try {
            UserCache cache = UserCache.at(disk);
            abc(cache);
            assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();
            assertThat(abc(cache)).hasContent("abc");
            assertThat(made).hasValue(1);
            assertThatThrownBy(() -> cache.entry(CacheKind.NATIVES, "more", out -> out.write('m')))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("cannot write " + disk + "/natives/more: Read-only file system");
            assertThatThrownBy(() -> cache.folder(CacheKind.DIGESTS))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("cannot write " + disk + "/digests: Read-only file system");
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void whatReplacedAnEntryIsFoundUnlessItIsDamaged() throws IOException {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        assertThat(cache.find(CacheKind.WEIGHTS, "w")).isEmpty();
        cache.replace(CacheKind.WEIGHTS, "w", out -> out.write('a'));
        assertThat(cache.find(CacheKind.WEIGHTS, "w").orElseThrow()).hasContent("a");
        cache.replace(CacheKind.WEIGHTS, "w", out -> out.write('b'));
        Path file = cache.find(CacheKind.WEIGHTS, "w").orElseThrow();
        assertThat(file).hasContent("b");
        Files.writeString(file, "c");
        assertThat(cache.find(CacheKind.WEIGHTS, "w")).isEmpty();
    }

    @Test
    void twoThatReplaceAnEntryAtOnceLeaveOneWholeFile() throws Exception {
        UserCache cache = UserCache.at(temporary.resolve("cache"));
        List<Thread> threads = Stream.of("a", "b")
                .map(letter -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 50; i++) {
                        cache.replace(
                                CacheKind.WEIGHTS,
                                "w",
                                out -> out.write(letter.repeat(10_000).getBytes(StandardCharsets.UTF_8)));
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(Files.readString(temporary.resolve("cache/weights/w"))).matches("a{10000}|b{10000}");
    }

    @Test
    void fullOrReadOnlyFolderKeepsWhatItHoldsAndNothingFails() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        mount(disk, "size=64k");
        try {
            UserCache cache = UserCache.at(disk);
            cache.replace(CacheKind.WEIGHTS, "w", out -> out.write('a'));
            cache.replace(CacheKind.WEIGHTS, "w", out -> out.write(new byte[1 << 20]));
            assertThat(cache.find(CacheKind.WEIGHTS, "w").orElseThrow()).hasContent("a");
            assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();
            cache.replace(CacheKind.WEIGHTS, "w", out -> out.write('b'));
            assertThat(cache.find(CacheKind.WEIGHTS, "w").orElseThrow()).hasContent("a");
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void mount(Path folder, String options) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options + ",mode=700", "tmpfs", folder.toString()) == 0,
                "a file system can be mounted here (only root may)");
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
