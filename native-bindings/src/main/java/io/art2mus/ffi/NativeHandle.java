package io.art2mus.ffi;

import java.lang.foreign.MemorySegment;

/**
 * A native object with one owner: the thread that opened it. The raw address never leaves the layer; using the handle
 * after {@link #close()} or from another thread is an {@link IllegalStateException} or {@link WrongThreadException}, not
 * a crash.
 */
public abstract class NativeHandle implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private MemorySegment address;

    /** Owns {@code address}, which the library returned and which must not be NULL. */
    protected NativeHandle(MemorySegment address) {
        if (address.equals(MemorySegment.NULL)) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " was given a NULL handle");
        }
        this.address = address;
    }

    /** The live address, for calls of this layer only. */
    protected final MemorySegment address() {
        requireOwner();
        if (address.equals(MemorySegment.NULL)) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return address;
    }

    /** Frees the native object. The address is still live while this runs. */
    protected abstract void destroy();

    /** Closes the handle once; later calls do nothing. */
    @Override
    public final void close() {
        requireOwner();
        if (address.equals(MemorySegment.NULL)) {
            return;
        }
        try {
            destroy();
        } finally {
            address = MemorySegment.NULL;
        }
    }

    private void requireOwner() {
        if (!Thread.currentThread().equals(owner)) {
            throw new WrongThreadException(getClass().getSimpleName() + " belongs to thread " + owner.getName()
                    + ", used from " + Thread.currentThread().getName());
        }
    }
}
