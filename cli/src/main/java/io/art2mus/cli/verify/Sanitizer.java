package io.art2mus.cli.verify;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code compute-sanitizer} said of the tests: whether a kernel read or wrote where it must not.
 *
 * @param passed whether it found nothing and the tests passed under it
 * @param said the last lines of what it printed
 */
record Sanitizer(boolean passed, List<String> said) {
    private static final String PROGRAM = "compute-sanitizer";
    private static final int LINES = 40;

    Sanitizer {
        said = List.copyOf(said);
    }

    /** Runs the tests again under it, in a process of their own; empty where it is not installed. */
    static Optional<Sanitizer> run(int ordinal, PrintWriter out) throws IOException {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            out.println(PROGRAM + " is not here (it comes with the CUDA toolkit)");
            return Optional.empty();
        }
        out.println(PROGRAM + " runs the tests again, which takes minutes");
        out.flush();
        List<String> command = new ArrayList<>(List.of(
                program.get().toString(), "--tool", "memcheck", "--error-exitcode", "1", "--target-processes", "all"));
        command.addAll(thisProcess());
        command.addAll(List.of("verify-gpu", "--quick", "--device", "cuda:" + ordinal));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        boolean passed = status(process) == 0;
        out.println(PROGRAM + (passed ? " found nothing" : " FAILED; --json has its last lines"));
        out.flush();
        return Optional.of(new Sanitizer(passed, lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
    }

    /** How this virtual machine was started, up to its main class. */
    private static List<String> thisProcess() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("--class-path", System.getProperty("java.class.path", ""), "io.art2mus.cli.Art2Mus"));
        return command;
    }

    private static Optional<Path> find() {
        Stream<Path> toolkits = Stream.of("CUDA_HOME", "CUDA_PATH")
                .map(System::getenv)
                .filter(folder -> folder != null && !folder.isEmpty())
                .map(folder -> Path.of(folder, "bin"));
        String path = System.getenv("PATH");
        Stream<Path> folders = Pattern.compile(File.pathSeparator)
                .splitAsStream(path == null ? "" : path)
                .map(Path::of);
        return Stream.of(folders, toolkits, Stream.of(Path.of("/usr/local/cuda/bin")))
                .flatMap(places -> places)
                .map(folder -> folder.resolve(PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int status(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            process.destroy();
            return 1;
        }
    }
}
