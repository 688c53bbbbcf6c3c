package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.kernels.SamplerStepKernel.Buffers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class SamplerStepKernelTest {
    private static final int COUNT = 1500;
    private static final int SLOTS = 2;

    /** Two steps of a sampler with history: the second slot is kept in the second step, and read there too. */
    private static final double[] COEFFICIENTS = {
        0.9, -0.4, 0.75, 0, 1, 0.5, -0.25, 0.125, 0, 0, 0, 0, 1.1, 0.3, 0.5, 0, 0, 0, 0, 0.5, 1, -1, 2, 0.25
    };

    @ParameterizedTest
    @EnumSource(Elements.class)
    void twoStepsEqualTheFormulasAndAreCounted(Elements elements) {
        try (Gpu gpu = Gpu.open()) {
            Gpu.Numbers prediction = gpu.random(elements, 2 * COUNT, 1);
            Gpu.Numbers latents = gpu.random(Elements.F32, COUNT, 2);
            // No number where nothing was kept yet: reading it would show.
            Gpu.Numbers history = gpu.result(Elements.F32, SLOTS * COUNT);
            Gpu.Numbers input = gpu.result(elements, COUNT);
            Gpu.Numbers coefficients = gpu.of(Elements.F32, COEFFICIENTS);
            var step = gpu.number(0);
            var ticket = gpu.number(0);
            var nonFinite = gpu.number(0);
            Launch launch = SamplerStepKernel.forward(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    new Buffers(
                            prediction.address(),
                            latents.address(),
                            history.address(),
                            input.address(),
                            coefficients.address(),
                            step.devicePointer(),
                            ticket.devicePointer(),
                            nonFinite.devicePointer()),
                    3.5f,
                    2,
                    SLOTS,
                    COUNT);
            gpu.run(launch);
            gpu.run(launch);
            double[] next = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                double e = prediction.values[i] + 3.5 * (prediction.values[COUNT + i] - prediction.values[i]);
                double x = latents.values[i];
                double first = 0.5 * x - 0.25 * e;
                x = 0.9 * x - 0.4 * e + 0.125 * first;
                double second = -x + 2 * e;
                next[i] = 1.1 * x + 0.3 * e + 0.5 * first + 0.25 * second;
            }
            Gpu.assertClose("latents after two steps", latents, i -> next[i]);
            Gpu.assertClose("next input", input, i -> 0.5 * next[i]);
            assertThat(gpu.read(step)).isEqualTo(2);
            assertThat(gpu.read(ticket)).isZero();
            assertThat(gpu.read(nonFinite)).isZero();
        }
    }

    @Test
    void latentThatIsNoNumberIsFlagged() {
        try (Gpu gpu = Gpu.open()) {
            Gpu.Numbers prediction = gpu.of(Elements.F32, 0, Double.NaN, 0);
            Gpu.Numbers latents = gpu.of(Elements.F32, 1, 1, 1);
            Gpu.Numbers input = gpu.result(Elements.F32, 3);
            Gpu.Numbers coefficients = gpu.of(Elements.F32, 1, 1, 1, 0);
            var nonFinite = gpu.number(0);
            gpu.run(SamplerStepKernel.forward(
                    gpu.kernels,
                    gpu.arena,
                    Elements.F32,
                    new Buffers(
                            prediction.address(),
                            latents.address(),
                            0,
                            input.address(),
                            coefficients.address(),
                            gpu.number(0).devicePointer(),
                            gpu.number(0).devicePointer(),
                            nonFinite.devicePointer()),
                    1,
                    1,
                    0,
                    3));
            assertThat(gpu.read(nonFinite)).isEqualTo(1);
            assertThat(latents.now()).containsExactly(1, Double.NaN, 1);
        }
    }
}
