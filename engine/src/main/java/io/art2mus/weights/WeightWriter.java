package io.art2mus.weights;

import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A weight file being written. Its tensors are declared first, for both formats say beforehand where everything lies; then each
 * is written once, in any order and by any thread. The file is whole after {@link #finish}; before that it is up to the caller to
 * keep it where nobody reads it.
 */
public sealed interface WeightWriter extends AutoCloseable permits SafetensorsWriter, TorchWriter {
    /**
     * A tensor that the file will hold, row-major and little-endian.
     *
     * @param name its path in the model
     * @param dtype how its elements are stored
     * @param shape extents, outermost first
     */
    record Declaration(String name, DType dtype, Shape shape) {
        /** Size of the elements in bytes. */
        public long bytes() {
            return shape.elements() * dtype.bytes();
        }
    }

    /** Where the bytes of a tensor come from, a part at a time. */
    @FunctionalInterface
    interface Bytes {
        /**
         * Fills {@code part} with what lies from {@code offset} on.
         *
         * @param offset in bytes from the tensor's first; a multiple of its element size
         * @param part native memory, overwritten; a whole number of elements
         */
        void fill(long offset, MemorySegment part);
    }

    /**
     * Creates a file, of the format that its name says: {@code .safetensors}, else PyTorch's {@code .pt}, {@code .pth} or {@code .bin}.
     * A {@link WeightsException} where that is not possible; a file that is there already is never replaced.
     */
    static WeightWriter create(Path file, List<Declaration> tensors) {
        return String.valueOf(file.getFileName()).endsWith(".safetensors")
                ? SafetensorsWriter.create(file, tensors)
                : TorchWriter.create(file, tensors);
    }

    /** Writes a tensor, asking for it in parts of at most a megabyte. */
    void write(String name, Bytes bytes);

    /** Writes a tensor that lies in memory as the file will hold it. */
    default void write(String name, MemorySegment elements) {
        write(name, (offset, part) -> part.copyFrom(elements.asSlice(offset, part.byteSize())));
    }

    /** Completes the file; an {@link IllegalStateException} where a tensor was not written. */
    void finish();

    /** Closes the file, whole or not. */
    @Override
    void close();
}
