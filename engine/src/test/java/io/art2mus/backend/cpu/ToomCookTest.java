package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToomCookTest {
    private static final double LIMIT = 1e-6;

    private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "4, 3", "6, 3", "4, 4", "3, 6", "7, 1"})
    void aTileEqualsTheDirectConvolution(int outputs, int taps) {
        ToomCook tiles = new ToomCook(outputs, taps);
        double[] x = random.doubles(tiles.points(), -1, 1).toArray();
        double[] kernel = random.doubles(taps, -1, 1).toArray();

        double[] products = new double[tiles.points()];
        for (int point = 0; point < products.length; point++) {
            double tile = 0;
            for (int i = 0; i < x.length; i++) {
                tile += tiles.tile(point)[i] * x[i];
            }
            double transformed = 0;
            for (int tap = 0; tap < taps; tap++) {
                transformed += tiles.kernel(point, tap) * kernel[tap];
            }
            products[point] = tile * transformed;
        }

        double worst = 0;
        for (int i = 0; i < outputs; i++) {
            double made = 0;
            for (int point = 0; point < products.length; point++) {
                made += tiles.output(i)[point] * products[point];
            }
            double direct = 0;
            for (int tap = 0; tap < taps; tap++) {
                direct += x[i + tap] * kernel[tap];
            }
            worst = Math.max(worst, Math.abs(made - direct));
        }
        System.out.printf("F(%d, %d): %.1e (limit %.0e)%n", outputs, taps, worst, LIMIT);
        assertThat(worst).isLessThan(LIMIT);
    }
}
