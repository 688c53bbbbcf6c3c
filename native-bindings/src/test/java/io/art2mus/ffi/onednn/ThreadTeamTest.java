package io.art2mus.ffi.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadTeamTest {
    @Test
    void everyPartIsDoneOnceInEveryRound() {
        AtomicIntegerArray done = new AtomicIntegerArray(3);
        try (ThreadTeam threads = ThreadTeam.of(3)) {
            for (int round = 1; round <= 1000; round++) {
                threads.run((part, parts) -> {
                    assertThat(parts).isEqualTo(3);
                    done.incrementAndGet(part);
                });
                for (int part = 0; part < 3; part++) {
                    assertThat(done.get(part)).isEqualTo(round);
                }
            }
        }
    }

    @Test
    void oneThreadIsTheCallerItself() {
        Thread caller = Thread.currentThread();
        try (ThreadTeam threads = ThreadTeam.of(1)) {
            threads.run((part, parts) -> assertThat(Thread.currentThread()).isEqualTo(caller));
        }
    }

    @Test
    void whatAPartThrowsReachesTheCallerAndTheNextRoundWorks() {
        try (ThreadTeam threads = ThreadTeam.of(2)) {
            assertThatThrownBy(() -> threads.run((part, parts) -> {
                        if (part == 1) {
                            throw new IndexOutOfBoundsException("row 7 of 5");
                        }
                    }))
                    .hasMessageContaining("row 7 of 5");
            AtomicIntegerArray done = new AtomicIntegerArray(2);
            threads.run((part, parts) -> done.incrementAndGet(part));
            assertThat(done.get(0) + done.get(1)).isEqualTo(2);
        }
    }
}
