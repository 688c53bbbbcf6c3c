package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarriedLibraryTest {
    @TempDir
    private Path temporary;

    private static Path unpack(String fileName, UserCache cache) {
        return CarriedLibrary.find(fileName).orElseThrow().unpack(cache);
    }

    @Test
    void oneDnnAndItsOpenMpRuntimeLieSideBySideUnderTheirVersion() throws Exception {
        UserCache cache = UserCache.at(temporary);
        Path dnnl = unpack("libdnnl.so.3", cache);
        assertThat(dnnl.resolveSibling("libgomp.so.1")).isRegularFile();
        assertThat(dnnl.toString()).containsPattern("/natives/onednn-3\\.13[^/]*/libdnnl");
        assertThat(CarriedLibrary.find("libnothing.so")).isEmpty();
    }

    @Test
    void truncatedLibraryIsReplacedBeforeItIsLoaded() throws Exception {
        UserCache cache = UserCache.at(temporary);
        Path file = unpack("libonnxruntime.so", cache);
        long whole = Files.size(file);
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(whole / 2);
        }
        assertThat(unpack("libonnxruntime.so", cache)).hasSize(whole);
    }

    @Test
    void twoProcessesUnpackAtOnceAndBothLoad() throws Exception {
        List<Process> processes = Stream.of(1, 2).map(_ -> startUnpacking()).toList();
        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("loaded");
        }
        try (Stream<Path> files = Files.walk(temporary)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "libdnnl.so.3", ".libdnnl.so.3.sha256", "libgomp.so.1", ".libgomp.so.1.sha256");
        }
    }

    private Process startUnpacking() {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LoadOneDnn.class.getName())
                    .redirectErrorStream(true);
            builder.environment().put(UserCache.VARIABLE, temporary.toString());
            return builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What each of the two processes runs. */
    static final class LoadOneDnn {
        private LoadOneDnn() {}

        public static void main(String[] arguments) {
            System.out.println("loaded " + LibrarySearch.ofProcess().load(NativeLibrary.ONEDNN));
        }
    }
}
