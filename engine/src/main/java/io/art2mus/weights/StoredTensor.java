package io.art2mus.weights;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Where one tensor lies in its file, with every bound already checked against the file.
 *
 * @param type how an element is stored
 * @param extents outermost first; 0 is allowed here, for files hold empty tensors that nothing reads
 * @param strides elements to skip an axis step
 * @param offset the first element, in bytes from the file's start
 * @param length bytes from the first element to the end of the last one
 */
record StoredTensor(StoredType type, List<Long> extents, List<Long> strides, long offset, long length) {
    /** More axes than any tensor here has; PyTorch's own limit is 64. */
    static final int MOST_AXES = 16;

    Shape shape(String name, MappedFile file) {
        if (extents.contains(0L)) {
            throw new WeightsException(name + " is empty: " + extents, file.path(), "is this the right checkpoint?");
        }
        try {
            return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
        } catch (IllegalArgumentException outOfRange) {
            throw new WeightsException(
                    name + " has the shape " + extents, file.path(), "is this the right checkpoint?", outOfRange);
        }
    }

    Parameter parameter(String name, MappedFile file) {
        DType dtype = type.dtype()
                .orElseThrow(() -> new WeightsException(
                        name + " is of type " + type + ", which no model here reads",
                        file.path(),
                        "use the checkpoint's f32, f16 or bf16 file"));
        return new Parameter(name, dtype, shape(name, file), strides, file.span(offset, length, type.bytes()));
    }

    /** Product of the extents; an {@link ArithmeticException} where it leaves 63 bits. */
    static long elements(List<Long> extents) {
        long product = 1;
        for (long extent : extents) {
            product = Math.multiplyExact(product, extent);
        }
        return product;
    }

    /** Row-major strides in elements, for extents that may be 0. */
    static List<Long> rowMajor(List<Long> extents) {
        Long[] strides = new Long[extents.size()];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, Math.max(1, extents.get(axis)));
        }
        return Arrays.asList(strides);
    }
}
