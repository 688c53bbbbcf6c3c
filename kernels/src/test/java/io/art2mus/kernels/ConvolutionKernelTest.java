package io.art2mus.kernels;

import io.art2mus.kernels.ConvolutionKernel.Shape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class ConvolutionKernelTest {
    /** What reaches each element, scattered from {@code x} where transposed and else collected from it. */
    private static double[] convolved(Shape s, double[] x, double[] weight) {
        double[] y = new double[s.batch() * s.outHeight() * s.outWidth() * s.outChannels()];
        // Positions of the smaller side of the window, the collecting one, are h, w; those of the larger side are at,
        // to.
        int height = s.transposed() ? s.height() : s.outHeight();
        int width = s.transposed() ? s.width() : s.outWidth();
        for (int n = 0; n < s.batch(); n++) {
            for (int h = 0; h < height; h++) {
                for (int w = 0; w < width; w++) {
                    for (int kh = 0; kh < s.kernelHeight(); kh++) {
                        for (int kw = 0; kw < s.kernelWidth(); kw++) {
                            int at = h * s.strideHeight() - s.padTop() + kh * s.dilationHeight();
                            int to = w * s.strideWidth() - s.padLeft() + kw * s.dilationWidth();
                            int xRow = s.transposed() ? h : at;
                            int xColumn = s.transposed() ? w : to;
                            int yRow = s.transposed() ? at : h;
                            int yColumn = s.transposed() ? to : w;
                            if (xRow < 0
                                    || xRow >= s.height()
                                    || xColumn < 0
                                    || xColumn >= s.width()
                                    || yRow < 0
                                    || yRow >= s.outHeight()
                                    || yColumn < 0
                                    || yColumn >= s.outWidth()) {
                                continue;
                            }
                            for (int o = 0; o < s.outChannels(); o++) {
                                for (int c = 0; c < s.channels(); c++) {
                                    y[((n * s.outHeight() + yRow) * s.outWidth() + yColumn) * s.outChannels() + o] += x[
                                                    ((n * s.height() + xRow) * s.width() + xColumn) * s.channels() + c]
                                            * weight[
                                                    ((o * s.kernelHeight() + kh) * s.kernelWidth() + kw) * s.channels()
                                                            + c];
                                }
                            }
                        }
                    }
                }
            }
        }
        return y;
    }

    private static void check(String what, Elements elements, Shape shape) {
        try (Gpu gpu = Gpu.open()) {
            long positions = (long) shape.batch() * shape.outHeight() * shape.outWidth();
            Gpu.Numbers x =
                    gpu.random(elements, (long) shape.batch() * shape.height() * shape.width() * shape.channels(), 1);
            Gpu.Numbers weight = gpu.random(
                    elements,
                    (long) shape.outChannels() * shape.kernelHeight() * shape.kernelWidth() * shape.channels(),
                    2);
            Gpu.Numbers bias = gpu.random(elements, shape.outChannels(), 3);
            Gpu.Numbers residual = gpu.random(elements, positions * shape.outChannels(), 4);
            Gpu.Numbers y = gpu.result(elements, positions * shape.outChannels());
            gpu.run(ConvolutionKernel.forward(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    shape,
                    x.address(),
                    weight.address(),
                    bias.address(),
                    residual.address(),
                    y.address()));
            double[] expected = convolved(shape, x.values, weight.values);
            Gpu.assertClose(what, y, i -> expected[i] + bias.values[i % shape.outChannels()] + residual.values[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void convolutionsEqualTheirDefinition(Elements elements) {
        check("3x3", elements, new Shape(2, 7, 6, 5, 7, 6, 9, 3, 3, 1, 1, 1, 1, 1, 1, false));
        check("1x1", elements, new Shape(1, 9, 9, 70, 9, 9, 66, 1, 1, 1, 1, 0, 0, 1, 1, false));
        check("3x3 by 2, padded behind alone", elements, new Shape(1, 8, 7, 4, 4, 3, 3, 3, 3, 2, 2, 0, 0, 1, 1, false));
        check("sequence, dilated", elements, new Shape(1, 1, 50, 6, 1, 50, 3, 1, 7, 1, 1, 0, 9, 1, 3, false));
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void transposedConvolutionsEqualTheirDefinition(Elements elements) {
        check("sequence by 5", elements, new Shape(1, 1, 13, 8, 1, 66, 4, 1, 16, 1, 5, 0, 5, 1, 1, true));
        check("4x4 by 2", elements, new Shape(2, 5, 4, 3, 10, 8, 7, 4, 4, 2, 2, 1, 1, 1, 1, true));
    }
}
