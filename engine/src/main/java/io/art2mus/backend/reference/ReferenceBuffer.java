package io.art2mus.backend.reference;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;

/** A tensor on the heap, seen as the memory of a device. */
final class ReferenceBuffer implements DeviceBuffer {
    private final Tensor tensor;

    ReferenceBuffer(Tensor tensor) {
        this.tensor = tensor;
    }

    Tensor tensor() {
        return tensor;
    }

    @Override
    public Shape shape() {
        return tensor.shape();
    }

    @Override
    public void upload(HostTensor values) {
        requireShape(values.shape());
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = values.get(i);
        }
    }

    @Override
    public void download(HostTensor values) {
        requireShape(values.shape());
        for (int i = 0; i < tensor.data().length; i++) {
            values.set(i, (float) tensor.data()[i]);
        }
    }

    @Override
    public void uploadPosition(int position) {
        requireShape(Shape.of(1));
        tensor.data()[0] = position;
    }

    private void requireShape(Shape other) {
        if (!other.equals(shape())) {
            throw new IllegalArgumentException("the buffer is " + shape() + ", the values are " + other);
        }
    }
}
