package io.art2mus.backend.reference;

import io.art2mus.graph.Shape;

/** Numbers on the heap, row-major without gaps. Positions in a table are kept as numbers too. */
final class Tensor {
    private final Shape shape;
    private final double[] data;

    Tensor(Shape shape, double[] data) {
        if (data.length != shape.elements()) {
            throw new IllegalArgumentException("a tensor " + shape + " does not have " + data.length + " elements");
        }
        this.shape = shape;
        this.data = data;
    }

    /** Zeros; an {@link ArithmeticException} where the shape has more elements than a Java array. */
    static Tensor zeros(Shape shape) {
        return new Tensor(shape, new double[Math.toIntExact(shape.elements())]);
    }

    Shape shape() {
        return shape;
    }

    /** The elements themselves, not a copy. */
    double[] data() {
        return data;
    }

    /** Extent of an axis; negative axes count from the end. */
    int extent(int axis) {
        return Math.toIntExact(shape.extent(axis));
    }

    /** Elements per step of {@code axis}: the product of the extents after it. */
    int stride(int axis) {
        int stride = 1;
        for (int inner = axis + 1; inner < shape.rank(); inner++) {
            stride *= extent(inner);
        }
        return stride;
    }

    /** Position in {@link #data()} of an element of a tensor of three axes. */
    int at(int i, int j, int k) {
        return (i * extent(1) + j) * extent(2) + k;
    }

    /** Position in {@link #data()} of an element of a tensor of four axes. */
    int at(int i, int j, int k, int l) {
        return ((i * extent(1) + j) * extent(2) + k) * extent(3) + l;
    }

    /** The same elements under another shape. */
    Tensor reshaped(Shape other) {
        return new Tensor(other, data);
    }

    /** Overwrites every element with the other tensor's. */
    void copyFrom(Tensor other) {
        System.arraycopy(other.data, 0, data, 0, data.length);
    }
}
