package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BackgroundLoaderTest {
    private final AtomicInteger loaded = new AtomicInteger();

    private BackgroundLoader<int[]> counting(int slots, int end) {
        List<int[]> room = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            room.add(new int[1]);
        }
        return BackgroundLoader.start("test", room, slot -> {
            slot[0] = loaded.getAndIncrement();
            return slot[0] < end;
        });
    }

    @Test
    void slotsComeInOrderAndThenNone() {
        try (BackgroundLoader<int[]> loader = counting(2, 1_000)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(loader.next()).containsExactly(i);
            }
            assertThat(loader.next()).isNull();
            assertThat(loader.next()).isNull();
        }
    }

    @Test
    void slotInUseIsNotFilled() throws InterruptedException {
        try (BackgroundLoader<int[]> loader = counting(3, 1_000)) {
            int[] used = loader.next();
            while (loaded.get() < 3) {
                Thread.onSpinWait();
            }
            Thread.sleep(50);
            assertThat(used).containsExactly(0);
            assertThat(loaded).hasValue(3);
        }
    }

    @Test
    void nextIsLoadedWhileOneIsUsed() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        try (BackgroundLoader<int[]> loader = BackgroundLoader.start("test", List.of(new int[1], new int[1]), slot -> {
            second.countDown();
            return true;
        })) {
            assertThat(loader.next()).isNotNull();
            second.await();
        }
    }

    @Test
    void failureIsThrownAfterWhatWasFilledBefore() {
        IllegalStateException failure = new IllegalStateException("broken");
        try (BackgroundLoader<int[]> loader = BackgroundLoader.start("test", List.of(new int[1], new int[1]), slot -> {
            if (loaded.getAndIncrement() == 1) {
                throw failure;
            }
            return true;
        })) {
            assertThat(loader.next()).isNotNull();
            assertThatThrownBy(loader::next).isSameAs(failure);
            assertThatThrownBy(loader::next).isSameAs(failure);
        }
    }

    @Test
    void closingEndsAThreadThatWaitsForRoom() {
        BackgroundLoader<int[]> loader = counting(2, Integer.MAX_VALUE);
        loader.next();
        loader.close();
        int before = loaded.get();
        loader.close();
        assertThat(loaded).hasValue(before);
    }

    @Test
    void interruptedCallerIsLetGo() {
        CountDownLatch never = new CountDownLatch(1);
        BackgroundLoader<int[]> loader = BackgroundLoader.start("test", List.of(new int[1], new int[1]), slot -> {
            while (never.getCount() > 0) {
                Thread.onSpinWait();
            }
            return false;
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(loader::next).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
        loader.close();
    }

    @Test
    void oneSlotIsRefused() {
        assertThatThrownBy(() -> counting(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
