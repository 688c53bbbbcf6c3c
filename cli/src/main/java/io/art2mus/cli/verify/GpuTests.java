package io.art2mus.cli.verify;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The tests tagged {@code gpu} in the folders of the class path, run by the JUnit Platform in this process. */
final class GpuTests {
    private static final String TAG = "gpu";

    /** Makes tests fail, not skip, where the GPU cannot do something. */
    private static final String REQUIRED = "require.gpu";

    private GpuTests() {}

    /** Whether this process was started with tests on its class path. */
    static boolean present() {
        try {
            Class.forName("org.junit.platform.launcher.Launcher", false, GpuTests.class.getClassLoader());
            return !roots().isEmpty();
        } catch (ClassNotFoundException _) {
            return false;
        }
    }

    /**
     * Runs them all, on the device of that ordinal.
     *
     * @param leftOut tags of tests that cannot run here
     * @param finished told of each class when its last test has ended
     */
    static void run(int device, Set<String> leftOut, Consumer<TestClassResult> finished) {
        System.setProperty(REQUIRED, "true");
        System.setProperty("art2mus.device", String.valueOf(device));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(roots()))
                // Fuzzers need a library of their own to be loaded; classes without a name hold no tests, and are
                // warned of.
                .filters(
                        ClassNameFilter.excludeClassNamePatterns(".*FuzzTest", ".*\\$\\d+"),
                        TagFilter.includeTags(TAG),
                        TagFilter.excludeTags(List.copyOf(leftOut)))
                .build();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            LauncherFactory.create().execute(request, new TestCollector(() -> taken(printed), finished));
        } finally {
            System.setOut(before);
        }
    }

    private static List<String> taken(ByteArrayOutputStream printed) {
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        printed.reset();
        return lines;
    }

    /** Classes of ours are in jars, tests and their resources in folders. */
    private static Set<Path> roots() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path", ""))
                .map(Path::of)
                .filter(Files::isDirectory)
                .collect(Collectors.toSet());
    }
}
