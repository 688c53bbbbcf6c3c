package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Updates of what is learned, and the norm that they need. */
@Tag("gpu")
class AdamWKernelTest {
    private static final AdamWKernel.Betas BETAS = new AdamWKernel.Betas(0.1f, 0.999f, 0.001f, 1e-8f);
    private static final double RATE = 1e-2;
    private static final double DECAY = 0.01;

    /** What is learned, on the device, with everything an update reads. */
    private static final class Learned {
        private final Gpu gpu;
        private final Gpu.Numbers weights;
        private final Gpu.Numbers first;
        private final Gpu.Numbers second;
        private final Gpu.Numbers squares;
        private final long workspace;

        Learned(Gpu gpu, int count) {
            this.gpu = gpu;
            weights = gpu.random(Elements.F32, count, 1);
            first = gpu.of(Elements.F32, new double[count]);
            second = gpu.of(Elements.F32, new double[count]);
            squares = gpu.result(Elements.F32, 1);
            workspace = gpu.workspace(SumOfSquaresKernel.workspaceBytes(gpu.device, count));
        }

        void update(Gpu.Numbers gradients, int update, double unscale, double mostNorm) {
            Gpu.Numbers numbers = gpu.of(
                    Elements.F32,
                    1 - RATE * DECAY,
                    RATE / (1 - Math.pow(0.9, update)),
                    Math.sqrt(1 - Math.pow(0.999, update)),
                    unscale,
                    mostNorm);
            long count = gradients.values.length;
            gpu.run(SumOfSquaresKernel.launch(
                            gpu.kernels, gpu.arena, count, gradients.address(), squares.address(), workspace)
                    .then(AdamWKernel.update(
                            gpu.kernels,
                            gpu.arena,
                            BETAS,
                            count,
                            weights.address(),
                            gradients.address(),
                            first.address(),
                            second.address(),
                            numbers.address(),
                            squares.address())));
        }
    }

    @Test
    void threeUpdatesEqualTheFormula() {
        for (int count : new int[] {1, 5000}) {
            try (Gpu gpu = Gpu.open()) {
                Learned learned = new Learned(gpu, count);
                double[] weight = learned.weights.values.clone();
                double[] mean = new double[count];
                double[] square = new double[count];
                double mostNorm = 2;
                for (int update = 1; update <= 3; update++) {
                    double lossScale = 1 << (10 + update);
                    Gpu.Numbers gradients = gpu.random(Elements.F32, count, 10 + update);
                    learned.update(gradients, update, 1 / lossScale, mostNorm / lossScale);
                    double norm = Math.sqrt(Arrays.stream(gradients.values)
                                    .map(g -> g * g)
                                    .sum())
                            / lossScale;
                    double factor = Math.min(1, mostNorm / lossScale / (norm + 1e-6)) / lossScale;
                    for (int i = 0; i < count; i++) {
                        double g = factor * gradients.values[i];
                        mean[i] = 0.9 * mean[i] + 0.1 * g;
                        square[i] = 0.999 * square[i] + 0.001 * g * g;
                        double deviation = Math.sqrt(square[i] / (1 - Math.pow(0.999, update))) + 1e-8;
                        weight[i] = weight[i] * (1 - RATE * DECAY)
                                - RATE * mean[i] / (1 - Math.pow(0.9, update)) / deviation;
                    }
                }
                Gpu.assertClose("AdamW's weights", learned.weights, i -> weight[i]);
                Gpu.assertClose("AdamW's first moments", learned.first, i -> mean[i]);
                Gpu.assertClose("AdamW's second moments", learned.second, i -> square[i]);
            }
        }
    }

    @Test
    void gradientThatIsNotFiniteChangesNothing() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            try (Gpu gpu = Gpu.open()) {
                Learned learned = new Learned(gpu, 3000);
                learned.update(gpu.random(Elements.F32, 3000, 2), 1, 1, Double.POSITIVE_INFINITY);
                double[] weights = learned.weights.now();
                double[] first = learned.first.now();
                double[] second = learned.second.now();
                assertThat(weights).isNotEqualTo(learned.weights.values);
                double[] gradients = new double[3000];
                gradients[2999] = bad;
                learned.update(gpu.of(Elements.F32, gradients), 2, 1, 1);
                assertThat(learned.weights.now()).isEqualTo(weights);
                assertThat(learned.first.now()).isEqualTo(first);
                assertThat(learned.second.now()).isEqualTo(second);
                assertThat(learned.squares.now()[0]).isNotFinite();
            }
        }
    }

    @Test
    void sumOfSquaresIsTheSameEachTime() {
        for (int count : new int[] {1, 999, 300_001}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers x = gpu.random(Elements.F32, count, 1);
                Gpu.Numbers result = gpu.result(Elements.F32, 1);
                Launch launch = SumOfSquaresKernel.launch(
                        gpu.kernels,
                        gpu.arena,
                        count,
                        x.address(),
                        result.address(),
                        gpu.workspace(SumOfSquaresKernel.workspaceBytes(gpu.device, count)));
                gpu.run(launch);
                double expected = Arrays.stream(x.values).map(v -> v * v).sum();
                Gpu.assertClose("sum of squares of " + count, result, _ -> expected);
                double[] first = result.now();
                gpu.run(launch);
                assertThat(result.now()).isEqualTo(first);
            }
        }
    }
}
