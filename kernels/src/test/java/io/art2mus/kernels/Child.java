package io.art2mus.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A virtual machine of its own, for what none survives, with this one's libraries.
 *
 * @param status how it ended
 * @param output all that it printed
 */
record Child(int status, String output) {
    private static final List<String> LIBRARIES = List.of("cuda_driver", "nvrtc");

    static Child of(Class<?> main) throws IOException, InterruptedException {
        Stream<String> options = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ErrorFile=/dev/null",
                "-XX:-CreateCoredumpOnCrash",
                "--enable-native-access=ALL-UNNAMED");
        Stream<String> libraries = LIBRARIES.stream()
                .map(name -> "art2mus.library." + name)
                .map(property -> "-D" + property + "=" + System.getProperty(property));
        Stream<String> program = Stream.of("-cp", System.getProperty("java.class.path"), main.getName());
        Process process = new ProcessBuilder(Stream.of(options, libraries, program)
                        .flatMap(part -> part)
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Child(process.waitFor(), output);
    }
}
