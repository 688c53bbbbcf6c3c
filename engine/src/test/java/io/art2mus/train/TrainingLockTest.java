package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLockTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderHasOneTrainingAtATime() {
        Path place = folder.resolve("new/training");
        try (TrainingLock _ = TrainingLock.in(place)) {
            assertThatThrownBy(() -> TrainingLock.in(place))
                    .isInstanceOf(TrainingException.class)
                    .hasMessage(place
                            + " is being trained in already; wait for that training, or name another folder by -o");
        }
        TrainingLock.in(place).close();
    }
}
