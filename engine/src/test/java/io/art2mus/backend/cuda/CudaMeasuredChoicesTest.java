package io.art2mus.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.backend.Precision;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An algorithm is chosen once on a machine. */
@Tag("gpu")
class CudaMeasuredChoicesTest {
    @TempDir
    private Path folder;

    /** Algorithms that do nothing, and how often one was run. */
    private static final class Counted implements Choices.Candidates {
        private int runs;

        @Override
        public int count() {
            return 3;
        }

        @Override
        public long workspaceBytes(int candidate) {
            return candidate;
        }

        @Override
        public void enqueue(CudaStream stream, int candidate, long workspace) {
            runs++;
        }
    }

    @Test
    void anotherProcessTakesTheSameWithoutMeasuring() {
        try (CudaBackend backend = Gpu.open(Precision.F32);
                CudaStream stream = CudaStream.open(Cuda.load())) {
            assertThat(backend.name()).isEqualTo("cuda f32");
            Counted first = new Counted();
            int chosen = choices(stream, "a machine").fastest("question", first);
            assertThat(first.runs).isPositive();
            Counted again = new Counted();
            assertThat(choices(stream, "a machine").fastest("question", again)).isEqualTo(chosen);
            assertThat(again.runs).isZero();
            Counted elsewhere = new Counted();
            choices(stream, "another machine").fastest("question", elsewhere);
            assertThat(elsewhere.runs).isPositive();
        }
    }

    private Choices choices(CudaStream stream, String machine) {
        return new MeasuredChoices(Cuda.load(), stream, UserCache.at(folder.resolve("cache")), machine);
    }
}
