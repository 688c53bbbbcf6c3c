package io.art2mus.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests of files, and when they are believed without reading. */
class FileDigestsTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    private Path folder;

    private UserCache cache = UserCache.at(Path.of("/nonexistent"));
    private Path file = Path.of("/nonexistent");

    @BeforeEach
    void writeFile() throws IOException {
        cache = UserCache.at(folder.resolve("cache"));
        file = Files.writeString(folder.resolve("a file"), "abc");
    }

    /** Nobody can set the time of a file's last change, so a test has to let it pass. */
    private static void letTheGrainPass() throws InterruptedException {
        Thread.sleep(2_100);
    }

    private FileDigest digest() {
        return FileDigests.remembering(cache).of(file);
    }

    /** Puts a lie into the cache in the place of what is remembered, so that reading and remembering differ. */
    private void lie() {
        String entry =
                new String(cache.recall(CacheKind.DIGESTS, file.toString()).orElseThrow(), StandardCharsets.UTF_8);
        cache.remember(
                CacheKind.DIGESTS, file.toString(), entry.replace(ABC, NOTHING).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void digestIsThatOfTheContent() throws IOException {
        assertThat(FileDigests.withoutCache().of(file)).isEqualTo(new FileDigest(ABC, 3));
        assertThat(digest()).isEqualTo(new FileDigest(ABC, 3));
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThat(FileDigests.withoutCache().of(empty)).isEqualTo(new FileDigest(NOTHING, 0));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(FileDigests.withoutCache().of(link)).isEqualTo(new FileDigest(ABC, 3));
    }

    @Test
    void unchangedFileIsNotReadAgainAndAChangedOneIs() throws Exception {
        letTheGrainPass();
        assertThat(digest().sha256()).isEqualTo(ABC);
        lie();
        assertThat(digest().sha256()).as("from the cache").isEqualTo(NOTHING);
        assertThat(FileDigests.withoutCache().of(file).sha256())
                .as("without the cache")
                .isEqualTo(ABC);
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "abc");
        Files.setLastModifiedTime(file, time);
        assertThat(digest().sha256()).as("rewritten and dated back").isEqualTo(ABC);
    }

    @Test
    void anotherFileOfTheSameNameSizeAndTimeIsRead() throws Exception {
        letTheGrainPass();
        digest();
        lie();
        Path other = Files.writeString(folder.resolve("other"), "abc");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.delete(file);
        Files.move(other, file);
        assertThat(digest().sha256()).isEqualTo(ABC);
    }

    @Test
    void fileThatWasJustWrittenIsNotRemembered() {
        digest();
        assertThat(cache.recall(CacheKind.DIGESTS, file.toString())).isEmpty();
    }

    @Test
    void severalFilesComeInTheirOrder() {
        List<Path> files = IntStream.range(0, 20)
                .mapToObj(i -> write(folder.resolve("file " + i), "abc".repeat(i)))
                .toList();
        Map<Path, FileDigest> found = FileDigests.remembering(cache).ofAll(files);
        assertThat(found.keySet()).containsExactlyElementsOf(files);
        assertThat(found.values()).extracting(FileDigest::bytes).contains(0L, 3L, 57L);
        assertThat(found.get(files.get(1))).isEqualTo(new FileDigest(ABC, 3));
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void whatCannotBeReadSaysWhy() {
        assertThatThrownBy(() -> FileDigests.withoutCache().of(folder.resolve("none")))
                .isInstanceOf(ProvenanceException.class)
                .hasMessage(folder.resolve("none") + ": no such file; check its name");
        assertThatThrownBy(() -> FileDigests.remembering(cache).of(folder))
                .isInstanceOf(ProvenanceException.class)
                .hasMessage(folder + ": not a file; give a file");
    }
}
