package io.art2mus.backend;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.util.Map;

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

    /**
     * One of a plan's buffers; an {@link IllegalArgumentException} that lists them where none has this name.
     *
     * @param role what the plan calls them: input or output
     */
    static <B extends DeviceBuffer> B named(Map<String, B> buffers, String name, String role) {
        B buffer = buffers.get(name);
        if (buffer == null) {
            throw new IllegalArgumentException("the plan has no " + role + " " + name + ", it has " + buffers.keySet());
        }
        return buffer;
    }
}
