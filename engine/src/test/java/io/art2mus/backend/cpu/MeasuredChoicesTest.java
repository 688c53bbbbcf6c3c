package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.onednn.CpuEngine;
import io.art2mus.ffi.onednn.CpuStream;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.ThreadTeam;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was the fastest is measured once, and remembered. */
class MeasuredChoicesTest {
    private static final Choices.Way SLOW = (program, _) -> program.thenOnHost(() -> pause(200));
    private static final Choices.Way FAST = (program, _) -> program.thenOnHost(() -> pause(1));

    @TempDir
    Path folder;

    @Test
    void theFastestWayIsTaken() {
        assertThat(answer("question", SLOW, FAST)).isEqualTo(1);
        assertThat(answer("another question", FAST, SLOW)).isZero();
    }

    @Test
    void anotherProcessTakesTheSameWayWithoutMeasuring() {
        assertThat(answer("question", SLOW, FAST)).isEqualTo(1);
        AtomicInteger measured = new AtomicInteger();
        Choices.Way counted = (program, _) -> program.thenOnHost(measured::incrementAndGet);
        assertThat(answer("question", counted, SLOW)).isEqualTo(1);
        assertThat(measured).hasValue(0);
    }

    @Test
    void aWayThatIsHardlyFasterIsNotTaken() {
        Choices.Way steady = (program, _) -> program.thenOnHost(() -> pause(100));
        Choices.Way hardly = (program, _) -> program.thenOnHost(() -> pause(96));
        assertThat(answer("question", steady, hardly)).isZero();
    }

    private int answer(String question, Choices.Way... ways) {
        try (CpuEngine engine = CpuEngine.create();
                CpuStream stream = CpuStream.create(engine);
                ThreadTeam threads = ThreadTeam.of(1)) {
            Choices choices = new MeasuredChoices(UserCache.at(folder.resolve("cache")));
            return choices.fastest(question, new Target(engine, stream, choices, threads, DataType.F32), List.of(ways));
        }
    }

    private static void pause(long milliseconds) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }
}
