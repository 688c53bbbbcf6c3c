package io.art2mus.backend;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;

/** A tensor in a device's memory, in the plan's precision. A view: the plan that made it owns the bytes. */
public interface DeviceBuffer {
    /** Extents, outermost first; row-major without gaps. */
    Shape shape();

    /** Overwrites the buffer with float32 values of the same shape. */
    void upload(HostTensor values);

    /** Overwrites {@code values}, of the same shape, with the buffer's contents as float32. Waits for the device. */
    void download(HostTensor values);

    /** Overwrites a buffer of one position. */
    void uploadPosition(int position);
}
