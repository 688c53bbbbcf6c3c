package io.art2mus.ffi.onednn;

import static io.art2mus.ffi.onednn.MemoryDescriptor.any;
import static io.art2mus.ffi.onednn.MemoryDescriptor.channelsLast;
import static io.art2mus.ffi.onednn.MemoryDescriptor.plain;
import static io.art2mus.ffi.onednn.MemoryDescriptor.strided;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {
    /** Batch 2, bias, padding that differs at begin and end, activations {@code [N, H, W, C]}. */
    @ParameterizedTest
    @CsvSource({
        "F32, 1, 1, 5, 1, 1", "F32, 8, 17, 7, 1, 1", "F32, 13, 31, 11, 2, 1", "F32, 32, 48, 9, 1, 3",
        "BF16, 1, 1, 5, 1, 1", "BF16, 8, 17, 7, 1, 1", "BF16, 13, 31, 11, 2, 1", "BF16, 32, 48, 9, 1, 3"
    })
    void threeByThreeConvolutionEqualsPlainJava(
            DataType type, int inputs, int outputs, int height, int stride, int dilation) {
        int n = 2;
        int width = height + 2;
        int begin = 1;
        int end = dilation + 1;
        int outHeight = (height + begin + end - 2 * dilation - 1) / stride + 1;
        int outWidth = (width + begin + end - 2 * dilation - 1) / stride + 1;
        float[] x = Workbench.random(type, n * height * width * inputs, 1);
        float[] w = Workbench.random(type, outputs * inputs * 9, 2);
        float[] b = Workbench.random(type, outputs, 3);
        double[] expected = new double[n * outHeight * outWidth * outputs];
        for (int i = 0; i < expected.length; i++) {
            int o = i % outputs;
            int column = i / outputs % outWidth;
            int row = i / outputs / outWidth % outHeight;
            int item = i / outputs / outWidth / outHeight;
            double sum = b[o];
            for (int tap = 0; tap < 9; tap++) {
                int y = row * stride + tap / 3 * dilation - begin;
                int z = column * stride + tap % 3 * dilation - begin;
                for (int c = 0; c < inputs && y >= 0 && y < height && z >= 0 && z < width; c++) {
                    sum += (double) x[((item * height + y) * width + z) * inputs + c] * w[(o * inputs + c) * 9 + tap];
                }
            }
            expected[i] = sum;
        }
        Window window = new Window(
                List.of((long) stride, (long) stride),
                List.of((long) dilation, (long) dilation),
                List.of((long) begin, (long) begin),
                List.of((long) end, (long) end));
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = channelsLast(type, n, inputs, height, width);
            MemoryDescriptor plainWeights = plain(type, outputs, inputs, 3, 3);
            MemoryDescriptor bias = plain(type, outputs);
            MemoryDescriptor dst = channelsLast(type, n, outputs, outHeight, outWidth);
            Primitive convolution = new Convolution(
                            src,
                            bench.own(any(type, outputs, inputs, 3, 3)),
                            bias,
                            dst,
                            window,
                            PrimitiveAttributes.PLAIN)
                    .create(bench.engine);
            DnnlMemory weights = bench.memory(plainWeights, bench.buffer(type, w));
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    convolution,
                    Map.of(
                            Argument.SRC, bench.memory(src, bench.buffer(type, x)),
                            Argument.WEIGHTS, bench.packed(convolution, Argument.WEIGHTS, weights, plainWeights),
                            Argument.BIAS, bench.memory(bias, bench.buffer(type, b)),
                            Argument.DST, bench.memory(dst, result)));
            Workbench.assertClose(
                    convolution + " by " + convolution.implementation(),
                    Workbench.values(type, result, expected.length),
                    expected,
                    Workbench.limit(type));
        }
    }

    /** The vocoder's up-sampling: one dimension, PyTorch weights {@code [I, O, k]}, padding cut off the output. */
    @ParameterizedTest
    @CsvSource({"F32, 16, 7, 5, 10, 5", "F32, 7, 3, 13, 4, 2", "BF16, 16, 7, 5, 10, 5", "BF16, 7, 3, 13, 4, 2"})
    void deconvolutionEqualsPlainJava(DataType type, int inputs, int outputs, int length, int kernel, int stride) {
        int padding = (kernel - stride) / 2;
        int outLength = (length - 1) * stride - 2 * padding + kernel;
        float[] x = Workbench.random(type, length * inputs, 1);
        float[] w = Workbench.random(type, inputs * outputs * kernel, 2);
        float[] b = Workbench.random(type, outputs, 3);
        double[] expected = new double[outLength * outputs];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = b[i % outputs];
        }
        for (int i = 0; i < x.length * kernel; i++) {
            int tap = i % kernel;
            int c = i / kernel % inputs;
            int position = i / kernel / inputs;
            int out = position * stride + tap - padding;
            for (int o = 0; o < outputs && out >= 0 && out < outLength; o++) {
                expected[out * outputs + o] += (double) x[position * inputs + c] * w[(c * outputs + o) * kernel + tap];
            }
        }
        Window window = new Window(
                List.of(1L, (long) stride), List.of(1L, 1L), List.of(0L, (long) padding), List.of(0L, (long) padding));
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = channelsLast(type, 1, inputs, 1, length);
            MemoryDescriptor plainWeights = strided(type, new long[] {outputs, inputs, 1, kernel}, new long[] {
                kernel, (long) outputs * kernel, kernel, 1
            });
            MemoryDescriptor bias = plain(type, outputs);
            MemoryDescriptor dst = channelsLast(type, 1, outputs, 1, outLength);
            Primitive deconvolution = new Deconvolution(
                            src,
                            bench.own(any(type, outputs, inputs, 1, kernel)),
                            bias,
                            dst,
                            window,
                            PrimitiveAttributes.PLAIN)
                    .create(bench.engine);
            DnnlMemory weights = bench.memory(plainWeights, bench.buffer(type, w));
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    deconvolution,
                    Map.of(
                            Argument.SRC, bench.memory(src, bench.buffer(type, x)),
                            Argument.WEIGHTS, bench.packed(deconvolution, Argument.WEIGHTS, weights, plainWeights),
                            Argument.BIAS, bench.memory(bias, bench.buffer(type, b)),
                            Argument.DST, bench.memory(dst, result)));
            Workbench.assertClose(
                    deconvolution + " by " + deconvolution.implementation(),
                    Workbench.values(type, result, expected.length),
                    expected,
                    Workbench.limit(type));
        }
    }
}
