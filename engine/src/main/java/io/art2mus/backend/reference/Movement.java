package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import java.util.List;

/** Operations that compute nothing: elements go elsewhere, repeat, or are left out. */
final class Movement {
    private Movement() {}

    static Tensor concat(List<Tensor> parts, Op.Concat op) {
        Tensor y = Tensor.zeros(op.result());
        int start = 0;
        for (Tensor part : parts) {
            for (int i = 0; i < part.data().length; i++) {
                y.data()[shifted(part, i, op.axis(), start, y)] = part.data()[i];
            }
            start += part.extent(op.axis());
        }
        return y;
    }

    static Tensor slice(Tensor x, Op.Slice op) {
        Tensor y = Tensor.zeros(op.result());
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] = x.data()[shifted(y, i, op.axis(), Math.toIntExact(op.start()), x)];
        }
        return y;
    }

    /** Where element {@code i} of {@code small} lies in {@code large}, which is longer along {@code axis} alone. */
    static int shifted(Tensor small, int i, int axis, int start, Tensor large) {
        int stride = small.stride(axis);
        int outer = i / (stride * small.extent(axis));
        int index = i / stride % small.extent(axis);
        int inner = i % stride;
        return (outer * large.extent(axis) + start + index) * stride + inner;
    }

    static Tensor upsampleNearest(Tensor x, Op.UpsampleNearest op) {
        Tensor y = Tensor.zeros(op.result());
        for (int n = 0; n < y.extent(0); n++) {
            for (int row = 0; row < y.extent(1); row++) {
                for (int column = 0; column < y.extent(2); column++) {
                    for (int c = 0; c < y.extent(3); c++) {
                        y.data()[y.at(n, row, column, c)] = x.data()[x.at(n, row / 2, column / 2, c)];
                    }
                }
            }
        }
        return y;
    }

    static Tensor selectRow(Tensor table, Tensor position, Op.SelectRow op) {
        Tensor y = Tensor.zeros(op.result());
        int row = (int) position.data()[0];
        if (row < 0 || row >= table.extent(0)) {
            throw new IndexOutOfBoundsException("no row " + row + " in a table " + table.shape());
        }
        System.arraycopy(table.data(), row * y.data().length, y.data(), 0, y.data().length);
        return y;
    }
}
