package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GeneratedSourcesTest {
    /** Generated code is never edited: every file is the one that jextract wrote, none is missing and none is beside it. */
    @Test
    void generatedBindingsAreWhatJextractWrote() throws IOException {
        Map<String, String> expected = Files.readAllLines(Path.of("jextract/generated.sha256")).stream()
                .map(line -> line.split("  ", 2))
                .collect(Collectors.toMap(columns -> columns[1], columns -> columns[0]));
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/generated/java"))) {
            files.filter(Files::isRegularFile).forEach(file -> found.put(file.toString(), sha256(file)));
        }
        assertThat(found)
                .as("run jextract/regenerate instead of editing")
                .isNotEmpty()
                .containsExactlyInAnyOrderEntriesOf(expected);
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
