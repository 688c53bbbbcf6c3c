package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import io.art2mus.graph.Window;
import org.jspecify.annotations.Nullable;

/** {@link Op.Conv2d} gathers what each output sees, {@link Op.ConvTranspose2d} scatters what each input gives. */
final class Convolutions {
    private Convolutions() {}

    static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, Op.Conv2d op) {
        Tensor y = Tensor.zeros(op.result());
        for (int n = 0; n < y.extent(0); n++) {
            for (int row = 0; row < y.extent(1); row++) {
                for (int column = 0; column < y.extent(2); column++) {
                    for (int out = 0; out < y.extent(3); out++) {
                        double offset = bias == null ? 0 : bias.data()[out];
                        y.data()[y.at(n, row, column, out)] =
                                offset + windowSum(x, weight, op.window(), n, row, column, out);
                    }
                }
            }
        }
        return y;
    }

    private static double windowSum(Tensor x, Tensor weight, Window window, int n, int row, int column, int out) {
        double sum = 0;
        for (int down = 0; down < weight.extent(2); down++) {
            int h = row * window.strideHeight() - window.top() + down * window.dilationHeight();
            for (int across = 0; across < weight.extent(3); across++) {
                int w = column * window.strideWidth() - window.left() + across * window.dilationWidth();
                if (h >= 0 && h < x.extent(1) && w >= 0 && w < x.extent(2)) {
                    for (int in = 0; in < x.extent(3); in++) {
                        sum += x.data()[x.at(n, h, w, in)] * weight.data()[weight.at(out, in, down, across)];
                    }
                }
            }
        }
        return sum;
    }

    static Tensor convTranspose2d(Tensor x, Tensor weight, @Nullable Tensor bias, Op.ConvTranspose2d op) {
        Tensor y = Tensor.zeros(op.result());
        if (bias != null) {
            for (int element = 0; element < y.data().length; element++) {
                y.data()[element] = bias.data()[element % y.extent(3)];
            }
        }
        for (int n = 0; n < x.extent(0); n++) {
            for (int row = 0; row < x.extent(1); row++) {
                for (int column = 0; column < x.extent(2); column++) {
                    for (int in = 0; in < x.extent(3); in++) {
                        scatter(x.data()[x.at(n, row, column, in)], weight, op.window(), y, n, row, column, in);
                    }
                }
            }
        }
        return y;
    }

    private static void scatter(
            double value, Tensor weight, Window window, Tensor y, int n, int row, int column, int in) {
        for (int down = 0; down < weight.extent(2); down++) {
            int h = row * window.strideHeight() - window.top() + down;
            for (int across = 0; across < weight.extent(3); across++) {
                int w = column * window.strideWidth() - window.left() + across;
                if (h >= 0 && h < y.extent(1) && w >= 0 && w < y.extent(2)) {
                    for (int out = 0; out < y.extent(3); out++) {
                        y.data()[y.at(n, h, w, out)] += value * weight.data()[weight.at(in, out, down, across)];
                    }
                }
            }
        }
    }
}
