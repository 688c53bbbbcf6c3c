package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandleScopeTest {
    private final List<String> closed = new ArrayList<>();

    /** A handle whose native object is only a number. */
    private final class Numbered extends NativeHandle {
        private final int number;

        Numbered(int number) {
            super(MemorySegment.ofAddress(number));
            this.number = number;
        }

        long use() {
            return address().address();
        }

        @Override
        protected void destroy() {
            closed.add("handle " + use());
            if (number < 0) {
                throw new IllegalStateException("handle " + number + " does not close");
            }
        }
    }

    @Test
    void lastOwnedIsClosedFirst() {
        try (HandleScope scope = new HandleScope()) {
            for (int number = 1; number <= 3; number++) {
                scope.own(new Numbered(number));
            }
        }
        assertThat(closed).containsExactly("handle 3", "handle 2", "handle 1");
    }

    @Test
    void closingTwiceIsOnce() {
        HandleScope scope = new HandleScope();
        Numbered handle = scope.own(new Numbered(1));
        scope.close();
        scope.close();
        handle.close();
        assertThat(closed).containsExactly("handle 1");
    }

    @Test
    void whatIsReleasedIsClosedByTheNewScopeInTheSameOrder() {
        HandleScope kept;
        try (HandleScope building = new HandleScope()) {
            building.own(new Numbered(1));
            building.own(new Numbered(2));
            kept = building.release();
        }
        assertThat(closed).isEmpty();
        kept.close();
        assertThat(closed).containsExactly("handle 2", "handle 1");
    }

    @Test
    void aScopeThatIsNotReleasedClosesWhatAnUnfinishedObjectOwnsAtAnyThrowable() {
        OutOfMemoryError thrown = new OutOfMemoryError("after the first handle");
        assertThatThrownBy(() -> {
                    try (HandleScope building = new HandleScope()) {
                        building.own(new Numbered(1));
                        throw thrown;
                    }
                })
                .isSameAs(thrown);
        assertThat(closed).containsExactly("handle 1");
    }

    @Test
    void laterFailuresAreSuppressedIntoTheFirstAndTheRestIsClosed() {
        HandleScope scope = new HandleScope();
        scope.own(new Numbered(1));
        scope.own((AutoCloseable) () -> {
            throw new IOException("disk full");
        });
        scope.own(new Numbered(-3));
        assertThatThrownBy(scope::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("handle -3 does not close")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .singleElement()
                        .satisfies(second -> assertThat(second).hasMessage("close failed: disk full")));
        assertThat(closed).containsExactly("handle -3", "handle 1");
        assertThatCode(scope::close).doesNotThrowAnyException();
    }

    @Test
    void closedScopeClosesWhatItIsGivenAndRefuses() {
        HandleScope scope = new HandleScope();
        scope.close();
        assertThatThrownBy(() -> scope.own(new Numbered(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("handle scope is closed");
        assertThat(closed).containsExactly("handle 1");
    }

    @Test
    void handleIsDeadAfterCloseAndLivesInItsThreadAlone() {
        Numbered handle = new Numbered(7);
        assertThat(handle.use()).isEqualTo(7);
        for (Runnable elsewhere : List.<Runnable>of(handle::use, handle::close)) {
            assertThatThrownBy(() -> CompletableFuture.runAsync(elsewhere).join())
                    .hasCauseInstanceOf(WrongThreadException.class)
                    .hasMessageContaining("Numbered belongs to thread "
                            + Thread.currentThread().getName());
        }
        handle.close();
        assertThatThrownBy(handle::use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Numbered is closed");
    }

    @Test
    void failedDestroyIsNotTriedAgain() {
        Numbered handle = new Numbered(-1);
        assertThatThrownBy(handle::close).isInstanceOf(IllegalStateException.class);
        handle.close();
        assertThat(closed).hasSize(1);
    }

    @Test
    void nullIsNoHandle() {
        assertThatThrownBy(() -> new Numbered(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Numbered was given a NULL handle");
    }
}
