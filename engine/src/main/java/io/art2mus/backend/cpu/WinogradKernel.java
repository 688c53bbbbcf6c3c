package io.art2mus.backend.cpu;

import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * A kernel at one of {@link ToomCook}'s points: {@code taps} rows of {@code [out, in, kH, kW]}, or columns, become one, and the last ones
 * are filled up with zeros.
 *
 * @param tiles how it is cut
 * @param point which
 * @param across whether along its width, where its height is 1
 */
record WinogradKernel(ToomCook tiles, int point, boolean across) implements Derivation {
    @Override
    public String name() {
        return " at " + tiles.point(point) + " of F(" + tiles.outputs() + ", " + tiles.taps() + ")"
                + (across ? " across" : "");
    }

    @Override
    public Parameter of(Parameter stored, Arena arena) {
        Parameter upright = across ? stored.permuted(0, 1, 3, 2) : stored;
        HostTensor kernel = upright.floats(arena);
        Shape shape = upright.shape().with(2, Math.ceilDiv(upright.shape().extent(2), tiles.taps()));
        long rows = upright.shape().extent(2);
        long width = shape.last();
        HostTensor made = HostTensor.allocate(arena, shape);
        for (long i = 0; i < shape.elements(); i++) {
            long column = i % width;
            long piece = i / width % shape.extent(2);
            long plane = i / width / shape.extent(2);
            double sum = 0;
            for (int tap = 0; tap < tiles.taps() && piece * tiles.taps() + tap < rows; tap++) {
                long row = piece * tiles.taps() + tap;
                sum += tiles.kernel(point, tap) * kernel.get((plane * rows + row) * width + column);
            }
            made.set(i, (float) sum);
        }
        Shape lying = across ? Shape.of(shape.extent(0), shape.extent(1), 1, shape.extent(2)) : shape;
        return Parameter.contiguous(stored.path(), DType.F32, lying, made.data());
    }
}
