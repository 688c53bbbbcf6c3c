package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class SumKernelTest {
    /** Sums in double precision over the axes that are not kept, and compares; gives how many kernels ran. */
    private static int sum(Elements elements, long[] extents, long[] strides, boolean... kept) {
        try (Gpu gpu = Gpu.open()) {
            long results = 1;
            long reach = 1;
            for (int i = 0; i < extents.length; i++) {
                results *= kept[i] ? extents[i] : 1;
                reach += (extents[i] - 1) * strides[i];
            }
            Gpu.Numbers x = gpu.random(elements, reach, 1);
            Gpu.Numbers y = gpu.result(Elements.F32, results);
            Launch launch = SumKernel.forward(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    extents,
                    strides,
                    kept,
                    x.address(),
                    y.address(),
                    gpu.workspace(SumKernel.workspaceBytes(gpu.device, extents, strides, kept)));
            gpu.run(launch);
            double[] expected = new double[(int) results];
            long count = Arrays.stream(extents).reduce(1, (a, b) -> a * b);
            for (long i = 0; i < count; i++) {
                long rest = i;
                long at = 0;
                long result = 0;
                long stride = 1;
                for (int axis = extents.length - 1; axis >= 0; axis--) {
                    long index = rest % extents[axis];
                    rest /= extents[axis];
                    at += index * strides[axis];
                    if (kept[axis]) {
                        result += index * stride;
                        stride *= extents[axis];
                    }
                }
                expected[(int) result] += x.values[(int) at];
            }
            Gpu.assertClose(
                    "sum of " + Arrays.toString(extents) + " keeping " + Arrays.toString(kept), y, i -> expected[i]);
            double[] first = y.now();
            gpu.run(launch);
            assertThat(y.now()).as("the same sums again").isEqualTo(first);
            return launch.kernels();
        }
    }

    private static int sum(Elements elements, long[] extents, boolean... kept) {
        return sum(elements, extents, Axes.denseStrides(extents), kept);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void anyAxesAreSummed(Elements elements) {
        // A bias' gradient, a time embedding's, a mask's, and a whole tensor.
        sum(elements, new long[] {37, 53}, false, true);
        sum(elements, new long[] {2, 5, 7, 33}, true, false, false, true);
        sum(elements, new long[] {3, 5, 1, 7}, false, true, false, false);
        sum(elements, new long[] {4, 6, 11}, true, true, false);
        sum(elements, new long[] {2, 3, 5, 4}, false, true, false, true);
        sum(elements, new long[] {1001}, false);
        sum(elements, new long[] {1, 1}, false, false);
        sum(elements, new long[] {3, 9}, true, true);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void rowsMayLieApart(Elements elements) {
        sum(elements, new long[] {9, 13}, new long[] {40, 1}, false, true);
        sum(elements, new long[] {9, 13}, new long[] {1, 9}, false, true);
        sum(elements, new long[] {9, 13}, new long[] {40, 2}, true, false);
    }

    @Test
    void longSumsAreMadeInParts() {
        assertThat(sum(Elements.F32, new long[] {5000, 40}, false, true)).isEqualTo(2);
        assertThat(sum(Elements.F16, new long[] {2, 3000, 8}, true, false, true))
                .isEqualTo(2);
        assertThat(sum(Elements.F32, new long[] {100_003}, false)).isEqualTo(2);
        assertThat(sum(Elements.F32, new long[] {50, 40}, false, true)).isEqualTo(1);
    }

    @Test
    void tooManyAxesAreRefused() {
        long[] extents = {2, 2, 2, 2};
        long[] strides = {1, 8, 2, 4};
        assertThatThrownBy(() -> sum(Elements.F32, extents, strides, false, false, false, true))
                .hasMessageContaining("over so many axes");
    }
}
