package io.art2mus.encoder.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResampledAxisTest {
    private static final int SIDE = 224;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 111, 112, 113, 223, 224, 225, 448, 1000, 4099, 65_500, 1_000_003})
    void sumsInAnyOrderStayWithinAnInt(int extent) {
        ResampledAxis axis = new ResampledAxis(extent, SIDE, 0, SIDE);
        long highest = 0;
        long lowest = 0;
        for (int position = 0; position < axis.length(); position++) {
            long positive = Arrays.stream(axis.weights(position))
                    .filter(weight -> weight > 0)
                    .asLongStream()
                    .sum();
            long negative = Arrays.stream(axis.weights(position))
                    .filter(weight -> weight < 0)
                    .asLongStream()
                    .sum();
            highest = Math.max(highest, ResampledAxis.half() + 255 * positive);
            lowest = Math.min(lowest, 255 * negative);
        }
        System.out.printf("%,d to %d pixels: sums from %,d to %,d%n", extent, SIDE, lowest, highest);
        assertThat(highest).isLessThan((long) (1.2 * 255 * (1 << ResampledAxis.FRACTION_BITS)) + (1 << 22));
        assertThat(highest).isLessThanOrEqualTo(Integer.MAX_VALUE);
        assertThat(lowest).isGreaterThan(Integer.MIN_VALUE / 2);
    }
}
