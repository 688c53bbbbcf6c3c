package io.art2mus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a project of its own, where Maven, the JDK and the system's tools are scripts that note their calls. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path project;
    private Path tools;
    private Path launcher;

    @BeforeEach
    void layOutAProject() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.createDirectories(project.resolve("cli/src/main/java"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        // JDKs that this machine has installed must not be found: neither in their folder nor by the PATH.
        String script = Files.readString(Path.of("..", "art2mus")).replace("/usr/lib/jvm", folder + "/jvm");
        launcher = executable(project.resolve("art2mus"), script);
        executable(
                tools.resolve("ldconfig"),
                "#!/bin/sh\necho 'libsndfile.so.1 (libc6,x86-64) => /lib/libsndfile.so.1'\n");
        executable(tools.resolve("mvn"), """
                #!/bin/sh
                echo "mvn $*" >>'%1$s/calls'
                sleep 0.2
                cd '%1$s/project'
                mkdir -p cli/target/runtime/lib cli/target/tests/lib
                mkdir -p native-bindings/target/test-classes kernels/target/test-classes engine/target/test-classes
                """.formatted(folder));
        jdk("25.0.3", """
                #!/bin/sh
                case "$*" in *AOTCacheOutput*) echo cache >>'%s/caches'; exit 1 ;; esac
                for last; do :; done
                echo "ran: $last"
                [ "$last" = fail ] && exit 7
                exit 0
                """.formatted(folder));
    }

    @Test
    void runsFromAnotherFolderThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
        assertThat(run(List.of(link.toString(), "two words"), Map.of()).out()).isEqualTo("ran: two words\n");
    }

    @Test
    void passesTheExitStatusOn() throws Exception {
        assertThat(run("fail").status()).isEqualTo(7);
        assertThat(run("--version").status()).isZero();
    }

    @Test
    void buildsOnceThenOnlyWhenASourceIsNewer() throws Exception {
        assertThat(run("--version").err())
                .startsWith("art2mus: building for the first time")
                .hasLineCount(1);
        assertThat(run("--version").err()).isEmpty();
        assertThat(calls()).hasSize(1);

        Path source = Files.writeString(project.resolve("cli/src/main/java/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run("--version").err())
                .startsWith("art2mus: building what changed")
                .hasLineCount(1);
        assertThat(calls()).hasSize(2);
    }

    @Test
    void triesToMakeTheStartUpCacheOncePerPlace() throws Exception {
        run("--version");
        assertThat(run("--version").status()).isZero();
        assertThat(folder.resolve("caches")).hasContent("cache");

        Path moved = Files.move(project, folder.resolve("moved")).resolve("art2mus");
        assertThat(run(List.of(moved.toString(), "--version"), Map.of()).status())
                .isZero();
        assertThat(folder.resolve("caches")).hasContent("cache\ncache");
    }

    @Test
    void launchersThatRaceBuildOnce() throws Exception {
        List<Process> racers = List.of(start("--version"), start("--version"), start("--version"));
        for (Process racer : racers) {
            assertThat(finish(racer).out()).isEqualTo("ran: --version\n");
        }
        assertThat(calls()).hasSize(1);
    }

    @Test
    void failedBuildNamesTheFirstErrorAndTheLog() throws Exception {
        executable(tools.resolve("mvn"), """
                #!/bin/sh
                echo '[ERROR] COMPILATION ERROR : '
                echo '[ERROR] New.java:[1,2] cannot find symbol'
                exit 1
                """);
        Result result = run("--version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastErrorLine())
                .isEqualTo("error: the build failed: New.java:[1,2] cannot find symbol (log: "
                        + project.toRealPath().resolve("target/launcher/build.log") + ")");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void saysHowToGetAJdkWhereAllAreTooOld() throws Exception {
        jdk("21.0.8", "#!/bin/sh\nexit 0\n");
        Result result = run("--version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("error: no JDK 25 or newer").hasLineCount(1);
    }

    @Test
    void saysHowToGetMaven() throws Exception {
        Files.delete(tools.resolve("mvn"));
        for (String tool : List.of("bash", "readlink", "uname", "find", "flock", "mkdir", "rm")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        Result result = run(List.of(launcher.toString(), "--version"), Map.of("PATH", tools.toString()));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("error: Maven 3.8 or newer").hasLineCount(1);
    }

    @Test
    void refusesAnotherPlatformInOneLine() throws Exception {
        executable(tools.resolve("uname"), "#!/bin/sh\necho Darwin arm64\n");
        Result result = run("--version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("error: art2mus runs on Linux x86-64 with glibc (WSL 2 too), not on Darwin arm64\n");
    }

    @Test
    void namesThePackageOfLibsndfileWhereInstallingIsForbidden() throws Exception {
        executable(tools.resolve("java"), "#!/bin/sh\n");
        executable(tools.resolve("ldconfig"), "#!/bin/sh\n");
        executable(tools.resolve("apt-get"), "#!/bin/sh\necho \"apt-get $*\" >>'" + folder + "/calls'\n");
        Result result = run(List.of(launcher.toString(), "generate", "dusk.png"), Map.of("ART2MUS_INSTALL", "never"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("error: libsndfile is missing; run: sudo apt-get install libsndfile1\n");
        assertThat(folder.resolve("calls")).doesNotExist();
    }

    @Test
    void testRunsMavenWithTheArgumentsThatFollow() throws Exception {
        assertThat(run("test", "-pl", "cli").status()).isZero();
        assertThat(calls()).singleElement().asString().endsWith("verify -pl cli");
    }

    @Test
    void verifyGpuHasTestsOfEveryModuleOnItsClassPath() throws Exception {
        printsItsCommand(folder.resolve("jvm/jdk/bin/java"));
        String output = project.toRealPath() + "/target/launcher";
        assertThat(run("verify-gpu", "--json", "gpu.json").out())
                .contains("--class-path " + output + "/runtime/lib/*:" + output + "/tests/lib/*:" + output
                        + "/tests/native-bindings:" + output + "/tests/kernels:" + output + "/tests/engine ")
                .endsWith("io.art2mus.cli.Art2Mus verify-gpu --json gpu.json\n");
    }

    @Test
    void aPackageRunsItsOwnJavaWithoutMavenOrAJdk() throws Exception {
        Path home = layOutAPackage();
        Result result = run(List.of(home.resolve("art2mus").toString(), "doctor"), Map.of("JAVA_HOME", "/nowhere"));
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("-Dart2mus.home=" + home + " ", "--module-path " + home + "/lib ")
                .endsWith("Art2Mus doctor\n");
        assertThat(folder.resolve("calls")).doesNotExist();
    }

    @Test
    void aPackageSaysWhatNeedsASourceCheckout() throws Exception {
        Path home = layOutAPackage();
        Result result = run(List.of(home.resolve("art2mus").toString(), "test"), Map.of());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("error: test needs a source checkout, this is a package\n");
    }

    private Path layOutAPackage() throws IOException {
        Path home = Files.createDirectories(folder.resolve("unpacked"));
        Files.createDirectories(home.resolve("java/bin"));
        printsItsCommand(home.resolve("java/bin/java"));
        Files.copy(launcher, home.resolve("art2mus"));
        return home.toRealPath();
    }

    private static void printsItsCommand(Path java) throws IOException {
        executable(java, "#!/bin/sh\necho \"java $*\"\n");
    }

    private void jdk(String version, String java) throws IOException {
        Path home = folder.resolve("jvm/jdk");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        executable(home.resolve("bin/java"), java);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run(String... arguments) throws Exception {
        return finish(start(arguments));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return start(command, Map.of());
    }

    private Result run(List<String> command, Map<String, String> environment) throws Exception {
        return finish(start(command, environment));
    }

    private Process start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result finish(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err);
    }

    private record Result(int status, String out, String err) {
        String lastErrorLine() {
            return err.lines().toList().getLast();
        }
    }
}
