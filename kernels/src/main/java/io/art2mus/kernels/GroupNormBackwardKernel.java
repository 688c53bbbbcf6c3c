package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** The gradient of group normalisation, and of SiLU behind it, to what is normalised; {@code group_norm_backward.cu}. */
public final class GroupNormBackwardKernel {
    private static final int MOST_THREADS = 768;
    private static final int WARP = 32;

    /** Static shared bytes of a block, beside what it keeps. */
    private static final int STATIC_SHARED_BYTES = 1024;

    private static final int NARROWEST_VECTOR = 4;

    private GroupNormBackwardKernel() {}

    /**
     * {@code y = (g − mean(g) − z · mean(g z)) / sqrt(variance + epsilon)}, {@code [batch, positions, channels]}, with {@code g = gradient ·
     * scale} and the normalised {@code z}; not in an operand's place.
     *
     * @param scale {@code [channels]}, float32
     * @param shift {@code [channels]}, float32; read where SiLU follows
     * @param silu whether {@code gradient} is that of {@code silu(z · scale + shift)}, and not of what SiLU is applied to
     */
    public static Launch launch(
            Kernels kernels,
            Arena arena,
            Elements elements,
            GroupNormKernel.Shape shape,
            long x,
            long scale,
            long shift,
            boolean silu,
            long gradient,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(scale, Elements.F32, "scale");
        Extents.requireAddress(shift, Elements.F32, "shift");
        Extents.requireAddress(gradient, elements, "gradient");
        Extents.requireAddress(y, elements, "y");
        int width = width(elements, shape, x | gradient | y);
        long pieces = shape.groupElements() / width;
        int threads = (int) Math.min(MOST_THREADS, Extents.divideUp(pieces, WARP) * WARP);
        long wanted = shape.groupElements() * Float.BYTES;
        boolean keep = wanted + STATIC_SHARED_BYTES <= kernels.device().sharedBytesPerBlock();
        return Launch.of(
                kernels,
                arena,
                "group_norm_backward",
                width + "_" + elements.suffix(),
                new CudaFunction.Shape(shape.groups(), shape.batch(), 1, threads, 1, 1, keep ? (int) wanted : 0),
                x,
                scale,
                shift,
                gradient,
                y,
                shape.positions(),
                shape.channels(),
                shape.groups(),
                shape.epsilon(),
                silu ? 1 : 0,
                keep ? 1 : 0);
    }

    /** How many channels a thread takes at once: they are of one group, and aligned. */
    private static int width(Elements elements, GroupNormKernel.Shape shape, long addresses) {
        for (int width = elements.widest(); width >= NARROWEST_VECTOR; width /= 2) {
            if (shape.groupChannels() % width == 0 && addresses % ((long) width * elements.bytes()) == 0) {
                return width;
            }
        }
        return 1;
    }
}
