package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
    @TempDir
    private Path temporary;

    private LibrarySearch search(Map<String, String> properties, Map<String, String> environment) {
        return new LibrarySearch(properties::get, environment::get, () -> UserCache.at(temporary.resolve("cache")));
    }

    @Test
    void systemLibraryIsFoundByTheLinkerAndGivesItsFile() {
        LibraryStatus status = search(Map.of(), Map.of()).probe(NativeLibrary.SNDFILE, () -> "1");
        assertThat(status)
                .as("libsndfile is needed by this test: apt-get install libsndfile1")
                .isInstanceOf(LibraryStatus.Available.class);
        LibraryStatus.Available sndfile = status.require(NativeLibrary.SNDFILE);
        assertThat(sndfile.path()).isAbsolute().exists();
        assertThat(sndfile.path().getFileName().toString()).startsWith("libsndfile.so");
    }

    @Test
    void absentCudaDriverIsAnAnswerWithTheLinkersText() {
        LibraryStatus status = search(Map.of(), Map.of()).probe(NativeLibrary.CUDA_DRIVER, () -> "13");
        assumeFalse(status.available(), "this machine has no CUDA driver");
        assertThat(status)
                .isEqualTo(new LibraryStatus.Unavailable(
                        "libcuda.so.1: cannot open shared object file: No such file or directory",
                        "install NVIDIA's driver, version 580 or newer"));
        assertThatThrownBy(() -> status.require(NativeLibrary.CUDA_DRIVER))
                .isInstanceOf(LibraryUnavailableException.class)
                .hasMessage("CUDA driver cannot be used: libcuda.so.1: cannot open shared object file: No such file or"
                        + " directory; install NVIDIA's driver, version 580 or newer");
    }

    @Test
    void explicitFileThatCannotBeLoadedIsNotPassedOver() throws Exception {
        Path broken = Files.writeString(temporary.resolve("libsndfile.so.1"), "no library");
        for (String named : new String[] {broken.toString(), temporary.toString()}) {
            LibraryStatus byProperty =
                    search(Map.of("art2mus.library.sndfile", named), Map.of()).probe(NativeLibrary.SNDFILE, () -> "1");
            LibraryStatus byVariable =
                    search(Map.of(), Map.of("ART2MUS_LIBRARY_SNDFILE", named)).probe(NativeLibrary.SNDFILE, () -> "1");
            assertThat(byProperty)
                    .isEqualTo(byVariable)
                    .isEqualTo(new LibraryStatus.Unavailable(
                            broken + ": file too short", "install it (Debian, Ubuntu: apt-get install libsndfile1)"));
        }
    }

    @Test
    void toolkitComesBeforeTheLinkersPathAndItsFailureIsTold() throws Exception {
        Path lib = Files.createDirectories(temporary.resolve("toolkit/lib64"));
        Path broken = Files.writeString(lib.resolve("libcudnn.so.9"), "no library");
        LibraryStatus status = search(
                        Map.of(),
                        Map.of("CUDA_HOME", temporary.resolve("toolkit").toString()))
                .probe(NativeLibrary.CUDNN, () -> "9");
        assumeFalse(status.available(), "this machine has no cuDNN");
        assertThat(((LibraryStatus.Unavailable) status).reason())
                .startsWith(broken + ": file too short; libcudnn.so.9: cannot open shared object file");
    }

    @Test
    void wheelsOfAnEnvironmentAreSearched() throws Exception {
        Path lib = Files.createDirectories(temporary.resolve("env/lib/python3.12/site-packages/nvidia/cudnn/lib"));
        Path broken = Files.writeString(lib.resolve("libcudnn.so.9"), "no library");
        LibraryStatus status = search(
                        Map.of(), Map.of("VIRTUAL_ENV", temporary.resolve("env").toString()))
                .probe(NativeLibrary.CUDNN, () -> "9");
        assumeFalse(status.available(), "this machine has no cuDNN");
        assertThat(((LibraryStatus.Unavailable) status).reason()).endsWith(broken + ": file too short");
    }

    /** The layout of CUDA 13's own wheels: one folder for all of them but cuDNN. */
    @Test
    void wheelsBesideAnyPythonOfThePathAreSearched() throws Exception {
        Path bin = Files.createDirectories(temporary.resolve("python/bin"));
        Path python = Files.writeString(bin.resolve("python3"), "");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Path lib = Files.createDirectories(temporary.resolve("python/lib/python3.12/site-packages/nvidia/cu13/lib"));
        Path broken = Files.writeString(lib.resolve("libcublasLt.so.13"), "no library");
        LibraryStatus status =
                search(Map.of(), Map.of("PATH", "/nowhere:" + bin)).probe(NativeLibrary.CUBLASLT, () -> "13");
        assumeFalse(status.available(), "this machine has no cuBLASLt");
        assertThat(((LibraryStatus.Unavailable) status).reason()).endsWith(broken + ": file too short");
    }

    @Test
    void symbolThatALibraryLacksMakesItUnavailable() {
        LibraryStatus status = search(Map.of(), Map.of()).probe(NativeLibrary.OPENMP, () -> {
            throw new ExceptionInInitializerError(new NoSuchElementException("Symbol not found: omp_get_max_threads"));
        });
        assertThat(((LibraryStatus.Unavailable) status).reason()).isEqualTo("Symbol not found: omp_get_max_threads");
    }

    @Test
    void unusableCacheIsTheReasonWhyACarriedLibraryIsUnavailable() {
        LibrarySearch search = new LibrarySearch(_ -> null, _ -> null, () -> UserCache.at(Path.of("/proc/art2mus")));
        LibraryStatus status = search.probe(NativeLibrary.ONEDNN, () -> "3.13");
        assertThat(((LibraryStatus.Unavailable) status).reason()).startsWith("cannot write /proc/art2mus: ");
    }
}
