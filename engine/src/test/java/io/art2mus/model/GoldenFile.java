package io.art2mus.model;

import io.art2mus.Golden;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Inputs and outputs of one part as PyTorch has them.
 *
 * @param path of a {@code .safetensors} file, absolute or below the test resources
 * @param arena owns what is read
 */
public record GoldenFile(String path, Arena arena) {
    /** Those of a part of the small random checkpoint. */
    public static GoldenFile small(String name, Arena arena) {
        return new GoldenFile("tiny-audioldm2/golden/" + name + ".safetensors", arena);
    }

    public HostTensor tensor(String tensor) {
        return Golden.tensor(arena, path, tensor);
    }

    /** One row of the outermost axis, which is kept. */
    public HostTensor row(String tensor, long row) {
        HostTensor whole = tensor(tensor);
        long bytes = whole.data().byteSize() / whole.shape().extent(0);
        return new HostTensor(whole.shape().with(0, 1), whole.data().asSlice(row * bytes, bytes));
    }

    /** PyTorch's {@code [N, C, H, W]} as {@code [N, H, W, C]}. */
    public HostTensor channelsLast(HostTensor picture) {
        Shape in = picture.shape();
        long channels = in.extent(1);
        long places = in.extent(2) * in.extent(3);
        HostTensor turned = HostTensor.allocate(arena, Shape.of(in.extent(0), in.extent(2), in.extent(3), channels));
        for (long i = 0; i < in.elements(); i++) {
            long row = i / (channels * places);
            long channel = i / places % channels;
            turned.set((row * places + i % places) * channels + channel, picture.get(i));
        }
        return turned;
    }

    /**
     * One row of a mask as a bias: (1 − mask) · −10000.
     *
     * @param more positions after the mask, where nothing is hidden
     */
    public HostTensor bias(String tensor, long row, long more) {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.resource(path))) {
            long length = file.shapeOf(tensor).extent(1);
            HostTensor bias = HostTensor.allocate(arena, Shape.of(1, 1, length + more));
            for (long i = 0; i < length; i++) {
                long mask = file.parameter(tensor).data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, row * length + i);
                bias.set(i, (1 - mask) * -10000f);
            }
            return bias;
        }
    }
}
