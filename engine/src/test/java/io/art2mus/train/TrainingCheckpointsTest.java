package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.train.InitialProjection.Widths;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckpointsTest {
    private static final Map<String, String> SETTINGS = Map.of("--batch", "4");

    private static final Widths SMALL = new Widths(5, 3, 4);

    @TempDir
    private Path folder;

    private final TrainingState state = InitialProjection.fresh(SMALL, 7);

    @AfterEach
    void close() {
        state.close();
    }

    private Path save(Path place, long updates) {
        state.resumeAt(updates, LossScale.FIRST.halved().afterUpdate());
        return new TrainingCheckpoints(place).save(state, SETTINGS);
    }

    private static List<String> names(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void weightsMomentsNumberOfUpdatesAndLossScaleComeBack() {
        state.moments().first().all().set(3, 0.25f);
        state.moments().second().all().set(33, 1e-30f);
        Path saved = save(folder, 17);
        try (TrainingState read = InitialProjection.read(TrainingCheckpoints.weights(saved), SMALL)) {
            TrainingCheckpoints.restore(saved, read);
            assertThat(read.updates()).isEqualTo(17);
            assertThat(read.lossScale()).isEqualTo(new LossScale(1 << 15, 1));
            assertThat(read.weights()
                            .all()
                            .data()
                            .mismatch(state.weights().all().data()))
                    .isEqualTo(-1);
            assertThat(read.moments()
                            .first()
                            .all()
                            .data()
                            .mismatch(state.moments().first().all().data()))
                    .isEqualTo(-1);
            assertThat(read.moments()
                            .second()
                            .all()
                            .data()
                            .mismatch(state.moments().second().all().data()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void theLatestIsTheOneAfterMostUpdatesAndTheOldestGoFirst() throws IOException {
        TrainingCheckpoints checkpoints = new TrainingCheckpoints(folder);
        assertThat(checkpoints.latest()).isEmpty();
        for (long updates : new long[] {9, 10, 100}) {
            save(folder, updates);
        }
        assertThat(checkpoints.latest()).contains(folder.resolve("step-100"));
        checkpoints.prune(2);
        assertThat(names(folder)).containsExactly("step-10", "step-100");
        checkpoints.discardAfter(10);
        assertThat(names(folder)).containsExactly("step-10");
    }

    @Test
    void whatAKilledProcessLeftIsNoCheckpointAndGoes() throws IOException {
        Files.createDirectories(folder.resolve(".unfinished-step-3"));
        assertThat(new TrainingCheckpoints(folder).latest()).isEmpty();
        save(folder, 3);
        save(folder, 3);
        assertThat(names(folder)).containsExactly("step-3");
    }

    @Test
    void changedSettingsAreNamedAndThoseNotGivenAreNotCompared() {
        Path saved = save(folder, 3);
        TrainingCheckpoints.requireSame(saved, SETTINGS);
        TrainingCheckpoints.requireSame(saved, Map.of());
        assertThatThrownBy(() -> TrainingCheckpoints.requireSame(saved, Map.of("--batch", "2")))
                .isInstanceOf(TrainingException.class)
                .hasMessage(saved
                        + " was trained otherwise: --batch was 4, is 2; give what was given then, or begin afresh in "
                        + "another folder");
    }

    @Test
    void aFolderThatIsNoCheckpointIsNamed() {
        assertThatThrownBy(() -> TrainingCheckpoints.requireSame(folder, SETTINGS))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining(folder + " is no checkpoint of a training");
    }

    @Test
    void aFullDiskKeepsTheLastGoodCheckpointAndNothingElse() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", folder.toString()) == 0,
                "a file system can be mounted here (only root may)");
        try {
            Path good = save(folder, 1);
            try (TrainingState big = InitialProjection.fresh(new Widths(128, 64, 64), 7)) {
                big.resumeAt(2, LossScale.NONE);
                assertThatThrownBy(() -> new TrainingCheckpoints(folder).save(big, SETTINGS))
                        .isInstanceOf(WeightsException.class)
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining("step-2/state.safetensors");
            }
            assertThat(names(folder)).containsExactly("step-1");
            TrainingCheckpoints.requireSame(good, SETTINGS);
        } finally {
            run("umount", folder.toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
