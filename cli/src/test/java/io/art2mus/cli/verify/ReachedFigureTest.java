package io.art2mus.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReachedFigureTest {
    @Test
    void isReadFromTheLineThatTestsPrint() {
        assertThat(ReachedFigure.of("t-unet odd height, cuda f16: 3.1e-06 (limit 1e-04)"))
                .contains(new ReachedFigure("t-unet odd height, cuda f16", 3.1e-6, 1e-4));
        assertThat(ReachedFigure.of("two: parts: NaN (limit 1e-04)"))
                .contains(new ReachedFigure("two: parts", Double.NaN, 1e-4));
        assertThat(ReachedFigure.of("CUDA is not tested: libcuda.so.1")).isEmpty();
    }

    @Test
    void theOneNearerToItsOwnLimitIsWorse() {
        ReachedFigure large = new ReachedFigure("bf16", 1e-3, 2e-2);
        ReachedFigure near = new ReachedFigure("f32", 9e-6, 1e-5);
        ReachedFigure broken = new ReachedFigure("f16", Double.NaN, 5e-3);
        assertThat(large.worse(near)).isEqualTo(near);
        assertThat(near.worse(large)).isEqualTo(near);
        assertThat(near.worse(broken)).isEqualTo(broken);
        assertThat(broken.worse(near)).isEqualTo(broken);
    }
}
