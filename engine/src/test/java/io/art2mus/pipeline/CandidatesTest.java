package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.SamplerKind;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several sounds of one wish. */
class CandidatesTest {
    private static final int THREADS = 2;

    @Test
    void aCandidateSoundsTheSameWhateverIsMadeBesideIt() {
        try (Arena arena = Arena.ofConfined();
                Backend backend = CpuBackend.open(THREADS, Precision.F32)) {
            Checkpoint tiny = new Checkpoint(Golden.resource("tiny-audioldm2"));
            List<Sound> alone = Takes.of(backend, tiny, wish(1), List.of(), arena);
            List<Sound> together = Takes.of(backend, tiny, wish(3), List.of(), arena);
            assertThat(alone).hasSize(1);
            assertThat(together).hasSize(3);
            assertThat(together.get(0).samples().mismatch(alone.getFirst().samples()))
                    .as("first difference from the sound made alone")
                    .isEqualTo(-1);
            assertThat(together.get(1).samples().mismatch(together.get(0).samples()))
                    .as("first difference between two candidates")
                    .isNotEqualTo(-1);
        }
    }

    private static Wish wish(int candidates) {
        return new Wish("techno", "", Variant.AUDIOLDM2, 0.5, 3, SamplerKind.DPM_SOLVER_2M, 2, 3.5, candidates);
    }
}
