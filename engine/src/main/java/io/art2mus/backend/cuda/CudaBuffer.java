package io.art2mus.backend.cuda;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.kernels.Elements;
import java.lang.foreign.ValueLayout;

/**
 * A tensor in a GPU's memory.
 *
 * @param shape row-major without gaps
 * @param elements how a real number is stored; of positions, which are int32, it says nothing
 * @param room owned by a plan
 * @param staging on the way to and from it
 */
record CudaBuffer(Shape shape, Elements elements, DeviceArena.Room room, Staging staging) implements DeviceBuffer {
    @Override
    public void upload(HostTensor values) {
        requireSameShape(values);
        staging.upload(room, data -> Numbers.write(values, data, elements));
    }

    @Override
    public void download(HostTensor values) {
        requireSameShape(values);
        staging.download(room, data -> Numbers.read(data, elements, values));
    }

    @Override
    public void uploadPosition(int position) {
        staging.upload(room, data -> data.set(ValueLayout.JAVA_INT, 0, position));
    }

    private void requireSameShape(HostTensor values) {
        if (!values.shape().equals(shape)) {
            throw new IllegalArgumentException("the buffer is " + shape + ", the host tensor " + values.shape());
        }
    }
}
