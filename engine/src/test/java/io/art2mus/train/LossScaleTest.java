package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LossScaleTest {
    @Test
    void twoThousandUpdatesInARowDoubleIt() {
        LossScale scale = LossScale.FIRST;
        for (int update = 0; update < 1999; update++) {
            scale = scale.afterUpdate();
        }
        assertThat(scale).isEqualTo(new LossScale(1 << 16, 1999));
        assertThat(scale.afterUpdate()).isEqualTo(new LossScale(1 << 17, 0));
    }

    @Test
    void gradientsThatOverflowHalveItAndBeginToCountAnew() {
        assertThat(new LossScale(1 << 16, 1234).halved()).isEqualTo(new LossScale(1 << 15, 0));
        assertThat(new LossScale(2, 0).canShrink()).isFalse();
    }

    @Test
    void whatIsNotMultipliedStaysSo() {
        assertThat(LossScale.NONE.afterUpdate()).isEqualTo(LossScale.NONE);
        assertThat(LossScale.NONE.canShrink()).isFalse();
    }

    @Test
    void onlyPowersOfTwoAreTaken() {
        assertThatThrownBy(() -> new LossScale(3, 0)).hasMessage("3.0 after 0 updates is no loss scale");
        assertThatThrownBy(() -> new LossScale(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LossScale(2, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
