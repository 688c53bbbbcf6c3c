package io.art2mus.backend.operations;

import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Window;
import java.util.List;

/** Convolutions: the models' own kernels, strides and paddings, on extents that fill no vector and no tile. */
final class ConvolutionCases {
    private static final Window DOWN = Window.square(2, 1);
    private static final Window SAME = Window.square(1, 1);
    private static final Window VAE_DOWN = new Window(2, 2, 1, 1, 0, 0, 1, 1);

    private ConvolutionCases() {}

    static List<OpCase> all() {
        return List.of(
                conv2d("1x1 of everything", Shape.of(1, 1, 1, 1), 1, 1, 1, Window.square(1, 0)),
                conv2d("1x1, prime extents", Shape.of(2, 3, 5, 97), 61, 1, 1, Window.square(1, 0)),
                conv2d("1x1, stride 2", Shape.of(1, 5, 8, 6), 3, 1, 1, Window.square(2, 0)),
                conv2d("3x3, whole tiles", Shape.of(1, 16, 4, 32), 32, 3, 3, SAME),
                conv2d("3x3, prime extents", Shape.of(2, 13, 11, 17), 19, 3, 3, SAME),
                conv2d("3x3, three channels", Shape.of(2, 5, 7, 3), 4, 3, 3, SAME),
                conv2d("3x3, one position", Shape.of(1, 1, 1, 5), 2, 3, 3, SAME),
                conv2d("3x3, one row", Shape.of(3, 1, 9, 4), 5, 3, 3, SAME),
                conv2d("3x3, no padding", Shape.of(1, 4, 6, 5), 3, 3, 3, Window.square(1, 0)),
                conv2d("3x3, stride 2, even extents", Shape.of(1, 6, 8, 5), 7, 3, 3, DOWN),
                conv2d("3x3, stride 2, odd extents", Shape.of(2, 7, 5, 5), 3, 3, 3, DOWN),
                conv2d("3x3, stride 2, padding below and after, even", Shape.of(1, 6, 8, 3), 5, 3, 3, VAE_DOWN),
                conv2d("3x3, stride 2, padding below and after, odd", Shape.of(2, 7, 5, 4), 3, 3, 3, VAE_DOWN),
                conv2d(
                        "3x2, another padding on each side",
                        Shape.of(1, 4, 5, 3),
                        2,
                        3,
                        2,
                        new Window(1, 1, 1, 1, 2, 0, 1, 3)),
                conv2d(
                        "2x3, stride 1 down and 2 across",
                        Shape.of(1, 5, 9, 2),
                        3,
                        2,
                        3,
                        new Window(1, 2, 1, 1, 0, 1, 1, 0)),
                conv2d(
                        "3x3, dilation 2 down and 3 across",
                        Shape.of(1, 7, 9, 3),
                        4,
                        3,
                        3,
                        new Window(1, 1, 2, 3, 2, 3, 2, 3)),
                conv2d("1x7 along a sequence", Shape.of(2, 1, 29, 5), 8, 1, 7, Window.alongWidth(1, 3, 1)),
                conv2d("1x7 to one channel", Shape.of(1, 1, 31, 12), 1, 1, 7, Window.alongWidth(1, 3, 1)),
                conv2d("1x3, dilation 3", Shape.of(1, 1, 23, 6), 6, 1, 3, Window.alongWidth(1, 3, 3)),
                conv2d("1x3, dilation 5", Shape.of(1, 1, 17, 7), 5, 1, 3, Window.alongWidth(1, 5, 5)),
                conv2d(
                        "1x11, dilation 5, wider than the sequence",
                        Shape.of(1, 1, 13, 4),
                        4,
                        1,
                        11,
                        Window.alongWidth(1, 25, 5)),
                conv2d("1x40, stride 10", Shape.of(1, 1, 83, 2), 3, 1, 40, Window.alongWidth(10, 15, 1)),
                conv2d("1x64, stride 16", Shape.of(1, 1, 129, 3), 2, 1, 64, Window.alongWidth(16, 24, 1)),
                conv2d("16x16, stride 10", Shape.of(1, 36, 46, 1), 3, 16, 16, Window.square(10, 0)),
                conv2d("14x14, stride 14", Shape.of(1, 28, 28, 3), 5, 14, 14, Window.square(14, 0)),
                new OpCase(
                        "conv2d 3x3, no bias",
                        operands -> operands.graph()
                                .conv2d(operands.input(1, 3, 4, 6), operands.parameter(5, 6, 3, 3), null, SAME)),
                new OpCase(
                        "conv2d 3x3, computed weight and bias",
                        operands -> operands.graph()
                                .conv2d(
                                        operands.input(2, 3, 4, 6),
                                        operands.input(5, 6, 3, 3),
                                        operands.input(5),
                                        SAME)),
                storedAs("conv2d 3x3, weight stored in f16", DType.F16),
                storedAs("conv2d 3x3, weight stored in bf16", DType.BF16),
                convTranspose2d(
                        "1x64, stride 16, padding 24", Shape.of(1, 1, 5, 6), 3, 1, 64, Window.alongWidth(16, 24, 1)),
                convTranspose2d(
                        "1x40, stride 10, padding 15", Shape.of(2, 1, 7, 4), 2, 1, 40, Window.alongWidth(10, 15, 1)),
                convTranspose2d(
                        "1x16, stride 5, padding 5", Shape.of(1, 1, 11, 13), 7, 1, 16, Window.alongWidth(5, 5, 1)),
                convTranspose2d("1x4, stride 2, padding 1", Shape.of(1, 1, 17, 5), 3, 1, 4, Window.alongWidth(2, 1, 1)),
                convTranspose2d("1x3, stride 1, padding 1", Shape.of(1, 1, 9, 5), 4, 1, 3, Window.alongWidth(1, 1, 1)),
                convTranspose2d("1x1, stride 3, with gaps", Shape.of(1, 1, 6, 3), 2, 1, 1, Window.alongWidth(3, 0, 1)),
                convTranspose2d("1x40, one position", Shape.of(1, 1, 1, 3), 2, 1, 40, Window.alongWidth(10, 15, 1)),
                convTranspose2d("3x3, stride 2", Shape.of(2, 3, 4, 5), 3, 3, 3, DOWN),
                convTranspose2d(
                        "3x4, another padding on each side",
                        Shape.of(1, 3, 5, 2),
                        3,
                        3,
                        4,
                        new Window(2, 3, 1, 1, 1, 0, 0, 2)),
                new OpCase(
                        "convTranspose2d 1x4, computed weight and bias",
                        operands -> operands.graph()
                                .convTranspose2d(
                                        operands.input(1, 1, 7, 3),
                                        operands.input(3, 2, 1, 4),
                                        operands.input(2),
                                        Window.alongWidth(2, 1, 1))),
                new OpCase(
                        "convTranspose2d 1x4, no bias",
                        operands -> operands.graph()
                                .convTranspose2d(
                                        operands.input(1, 1, 7, 3),
                                        operands.parameter(3, 2, 1, 4),
                                        null,
                                        Window.alongWidth(2, 1, 1))));
    }

    private static OpCase conv2d(String name, Shape x, long out, long height, long width, Window window) {
        return new OpCase(
                "conv2d " + name,
                operands -> operands.graph()
                        .conv2d(
                                operands.input(x.extents()),
                                operands.parameter(out, x.last(), height, width),
                                operands.parameter(out),
                                window));
    }

    private static OpCase storedAs(String name, DType dtype) {
        return new OpCase(
                name,
                operands -> operands.graph()
                        .conv2d(
                                operands.input(1, 4, 5, 3),
                                operands.parameter(dtype, 7, 3, 3, 3),
                                operands.parameter(dtype, 7),
                                SAME));
    }

    private static OpCase convTranspose2d(String name, Shape x, long out, long height, long width, Window window) {
        return new OpCase(
                "convTranspose2d " + name,
                operands -> operands.graph()
                        .convTranspose2d(
                                operands.input(x.extents()),
                                operands.parameter(x.last(), out, height, width),
                                operands.parameter(out),
                                window));
    }
}
