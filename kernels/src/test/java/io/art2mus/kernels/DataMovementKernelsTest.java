package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What moves elements and changes none: equal to the last bit. */
@Tag("gpu")
class DataMovementKernelsTest {
    private static void assertEqual(Gpu.Numbers reached, IntToDoubleFunction expected) {
        assertThat(reached.now())
                .isEqualTo(IntStream.range(0, reached.values.length)
                        .mapToDouble(expected)
                        .toArray());
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void partsOfAConcatenationLandSideBySide(Elements elements) {
        for (int[] widths : new int[][] {{8, 16}, {3, 5}}) {
            try (Gpu gpu = Gpu.open()) {
                int a = widths[0];
                int b = widths[1];
                Gpu.Numbers first = gpu.random(elements, 2L * 6 * a, 1);
                Gpu.Numbers second = gpu.random(elements, 2L * 6 * b, 2);
                Gpu.Numbers y = gpu.result(elements, 2L * 6 * (a + b));
                long[] yStrides = {6L * (a + b), a + b, 1};
                gpu.run(CopyKernel.strided(
                                gpu.kernels,
                                gpu.arena,
                                elements,
                                new long[] {2, 6, a},
                                first.address(),
                                new long[] {6L * a, a, 1},
                                y.address(),
                                yStrides)
                        .then(CopyKernel.strided(
                                gpu.kernels,
                                gpu.arena,
                                elements,
                                new long[] {2, 6, b},
                                second.address(),
                                new long[] {6L * b, b, 1},
                                y.address(a),
                                yStrides)));
                assertEqual(y, i -> {
                    int row = i / (a + b);
                    int column = i % (a + b);
                    return column < a ? first.values[row * a + column] : second.values[row * b + column - a];
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void transpositionOfFourAxesIsACopyWithStrides(Elements elements) {
        try (Gpu gpu = Gpu.open()) {
            Gpu.Numbers x = gpu.random(elements, 2 * 3 * 4 * 5, 1);
            Gpu.Numbers y = gpu.result(elements, 2 * 3 * 4 * 5);
            // [2, 3, 4, 5] becomes [5, 4, 3, 2].
            gpu.run(CopyKernel.strided(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    new long[] {2, 3, 4, 5},
                    x.address(),
                    new long[] {60, 20, 5, 1},
                    y.address(),
                    new long[] {1, 2, 6, 24}));
            assertEqual(y, i -> x.values[i % 2 * 60 + i / 2 % 3 * 20 + i / 6 % 4 * 5 + i / 24]);
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void paddingSurroundsWithZeros(Elements elements) {
        for (int channels : new int[] {8, 3}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers x = gpu.random(elements, 2L * 4 * 5 * channels, 1);
                Gpu.Numbers y = gpu.result(elements, 2L * 7 * 6 * channels);
                gpu.run(CopyKernel.pad(
                        gpu.kernels,
                        gpu.arena,
                        elements,
                        new long[] {2, 4, 5, channels},
                        new long[] {0, 1, 0, 0},
                        new long[] {2, 7, 6, channels},
                        x.address(),
                        y.address()));
                assertEqual(y, i -> {
                    int c = i % channels;
                    int w = i / channels % 6;
                    int h = i / channels / 6 % 7 - 1;
                    int n = i / channels / 42;
                    return h >= 0 && h < 4 && w < 5 ? x.values[((n * 4 + h) * 5 + w) * channels + c] : 0;
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void upSamplingRepeatsRowsAndColumnsAlsoToOddExtents(Elements elements) {
        for (int channels : new int[] {8, 3}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers x = gpu.random(elements, 2L * 3 * 4 * channels, 1);
                Gpu.Numbers y = gpu.result(elements, 2L * 5 * 8 * channels);
                gpu.run(UpsampleKernel.nearest(
                        gpu.kernels, gpu.arena, elements, 2, 3, 4, channels, 5, 8, x.address(), y.address()));
                assertEqual(y, i -> {
                    int c = i % channels;
                    int w = i / channels % 8;
                    int h = i / channels / 8 % 5;
                    int n = i / channels / 40;
                    return x.values[((n * 3 + h / 2) * 4 + w / 2) * channels + c];
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void rowIsChosenByANumberOnTheDevice(Elements elements) {
        for (int length : new int[] {24, 7}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers table = gpu.random(elements, 5L * length, 1);
                Gpu.Numbers y = gpu.result(elements, length);
                // The last two lie outside: the nearest row, never memory beyond the table.
                int[] positions = {0, 3, 99, -1};
                int[] rows = {0, 3, 4, 0};
                for (int k = 0; k < positions.length; k++) {
                    int row = rows[k];
                    gpu.run(SelectRowKernel.forward(
                            gpu.kernels,
                            gpu.arena,
                            elements,
                            5,
                            length,
                            table.address(),
                            gpu.number(positions[k]).devicePointer(),
                            y.address()));
                    assertEqual(y, i -> table.values[row * length + i]);
                }
            }
        }
    }

    @Test
    void axesThatLieAlikeAreJoined() {
        Axes dense = Axes.of(new long[] {2, 3, 4}, new long[] {12, 4, 1}, new long[] {12, 4, 1});
        assertThat(dense.extents()).containsExactly(1, 1, 1, 24);
        Axes rows = Axes.of(new long[] {2, 1, 3, 4}, new long[] {12, 12, 4, 1}, new long[] {24, 24, 8, 1});
        assertThat(rows.extents()).containsExactly(1, 1, 6, 4);
        assertThat(rows.second()).containsExactly(0, 0, 8, 1);
        assertThatThrownBy(() ->
                        Axes.of(new long[] {2, 2, 2, 2, 2}, new long[] {16, 8, 4, 2, 1}, new long[] {1, 2, 4, 8, 16}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has more than four axes");
    }
}
