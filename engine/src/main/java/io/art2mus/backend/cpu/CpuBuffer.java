package io.art2mus.backend.cpu;

import io.art2mus.backend.Bfloat16;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A tensor in host memory.
 *
 * @param shape row-major without gaps
 * @param type how an element is stored; S32 for positions
 * @param data owned by a plan
 */
record CpuBuffer(Shape shape, DataType type, MemorySegment data) implements DeviceBuffer {
    @Override
    public void upload(HostTensor values) {
        requireSameShape(values);
        if (type == DataType.F32) {
            data.copyFrom(values.data());
            return;
        }
        for (long i = 0; i < shape.elements(); i++) {
            data.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat(values.get(i)));
        }
    }

    @Override
    public void download(HostTensor values) {
        requireSameShape(values);
        if (type == DataType.F32) {
            values.data().copyFrom(data);
            return;
        }
        for (long i = 0; i < shape.elements(); i++) {
            values.set(i, (float) DType.BF16.read(data, i));
        }
    }

    @Override
    public void uploadPosition(int position) {
        data.set(ValueLayout.JAVA_INT, 0, position);
    }

    private void requireSameShape(HostTensor values) {
        if (!values.shape().equals(shape)) {
            throw new IllegalArgumentException("the buffer is " + shape + ", the host tensor " + values.shape());
        }
    }
}
