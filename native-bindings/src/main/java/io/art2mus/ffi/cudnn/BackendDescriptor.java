package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_INT64;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_INT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_LONG;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_POINTER;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendCreateDescriptor;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendDestroyDescriptor;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendFinalize;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendSetAttribute;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A descriptor of the backend interface: attributes are set, then it is finalised and never changes again. */
abstract class BackendDescriptor extends NativeHandle {
    private final Cudnn library;

    /** A descriptor of a type ({@code CUDNN_BACKEND_…_DESCRIPTOR}) that has no attribute yet. */
    BackendDescriptor(Cudnn library, int type) {
        super(create(library, type));
        this.library = library;
    }

    private static MemorySegment create(Cudnn library, int type) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check("cudnnBackendCreateDescriptor", cudnnBackendCreateDescriptor(type, handle));
            return handle.get(C_POINTER, 0);
        }
    }

    final void setLongs(int attribute, long... values) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, CUDNN_TYPE_INT64(), values.length, arena.allocateFrom(C_LONG, values));
        }
    }

    /** Sets one value of an enumeration, whose type is {@code CUDNN_TYPE_…}. */
    final void setEnumeration(int attribute, int type, int value) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, type, 1, arena.allocateFrom(C_INT, value));
        }
    }

    final void finalise() {
        library.check("cudnnBackendFinalize", cudnnBackendFinalize(address()));
    }

    private void set(int attribute, int type, long count, MemorySegment values) {
        library.check("cudnnBackendSetAttribute", cudnnBackendSetAttribute(address(), attribute, type, count, values));
    }

    @Override
    protected final void destroy() {
        library.check("cudnnBackendDestroyDescriptor", cudnnBackendDestroyDescriptor(address()));
    }
}
