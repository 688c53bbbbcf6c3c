package io.art2mus.backend.cpu;

import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * The 4×4 kernel of the transposed convolution of stride 2 that equals doubling a picture, each position repeated, and then
 * convolving it 3×3: taps that meet the same position of the small picture are added beforehand, so that 16 multiplications do the
 * work of 36. Shape {@code [out, in, 4, 4]}.
 */
final class DoublingKernel implements Derivation {
    /** Which of three taps each of the four is the sum of: row {@code o − 2i + 1} is what position {@code i} gives to {@code o}. */
    private static final boolean[][] TAPS = {
        {false, false, true}, {false, true, true}, {true, true, false}, {true, false, false}
    };

    @Override
    public String name() {
        return " doubling";
    }

    @Override
    public Parameter of(Parameter stored, Arena arena) {
        HostTensor kernel = stored.floats(arena);
        long planes = stored.shape().extent(0) * stored.shape().extent(1);
        Shape shape = stored.shape().with(2, 4).with(3, 4);
        HostTensor sums = HostTensor.allocate(arena, shape);
        for (long plane = 0; plane < planes; plane++) {
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    sums.set(plane * 16 + row * 4L + column, sum(kernel, plane * 9, TAPS[row], TAPS[column]));
                }
            }
        }
        return Parameter.contiguous(stored.path(), DType.F32, shape, sums.data());
    }

    private static float sum(HostTensor kernel, long first, boolean[] rows, boolean[] columns) {
        double sum = 0;
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                if (rows[row] && columns[column]) {
                    sum += kernel.get(first + row * 3L + column);
                }
            }
        }
        return (float) sum;
    }
}
