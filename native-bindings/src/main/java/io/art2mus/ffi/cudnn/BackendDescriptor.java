package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_BACKEND_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_BOOLEAN;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_FLOAT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_HANDLE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_INT64;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_VOID_PTR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_FLOAT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_INT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_LONG;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.C_POINTER;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendCreateDescriptor;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendDestroyDescriptor;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendFinalize;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendGetAttribute;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendSetAttribute;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A descriptor of the backend interface: attributes are set, then it is finalised and never changes again. Those that cuDNN fills
 * are created, read into, and not finalised.
 */
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

    /** Finalises {@code descriptor} after {@code setting} its attributes; closes it where that fails. */
    static <T extends BackendDescriptor> T finalised(T descriptor, Runnable setting) {
        try {
            setting.run();
            descriptor.finalise();
            return descriptor;
        } catch (Throwable failure) {
            descriptor.close();
            throw failure;
        }
    }

    final void setLongs(int attribute, long... values) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, CUDNN_TYPE_INT64(), values.length, arena.allocateFrom(C_LONG, values));
        }
    }

    final void setFloat(int attribute, float value) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, CUDNN_TYPE_FLOAT(), 1, arena.allocateFrom(C_FLOAT, value));
        }
    }

    final void setBoolean(int attribute, boolean value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flag = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) (value ? 1 : 0));
            set(attribute, CUDNN_TYPE_BOOLEAN(), 1, flag);
        }
    }

    /** Sets one value of an enumeration, whose type is {@code CUDNN_TYPE_…}. */
    final void setEnumeration(int attribute, int type, int value) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, type, 1, arena.allocateFrom(C_INT, value));
        }
    }

    final void setDescriptors(int attribute, List<? extends BackendDescriptor> descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, CUDNN_TYPE_BACKEND_DESCRIPTOR(), descriptors.size(), addresses(arena, descriptors));
        }
    }

    final void setDescriptor(int attribute, BackendDescriptor descriptor) {
        setDescriptors(attribute, List.of(descriptor));
    }

    final void setHandle(int attribute, CudnnHandle handle) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, CUDNN_TYPE_HANDLE(), 1, arena.allocateFrom(C_POINTER, handle.handle()));
        }
    }

    /** Sets addresses in device memory. */
    final void setDevicePointers(int attribute, long... pointers) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, CUDNN_TYPE_VOID_PTR(), pointers.length, arena.allocateFrom(C_LONG, pointers));
        }
    }

    final void finalise() {
        library.check("cudnnBackendFinalize", cudnnBackendFinalize(address()));
    }

    /** How many values an attribute has. */
    final int count(int attribute, int type) {
        try (Arena arena = Arena.ofConfined()) {
            return read(arena, attribute, type, 0, MemorySegment.NULL);
        }
    }

    final long readLong(int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(C_LONG);
            read(arena, attribute, CUDNN_TYPE_INT64(), 1, value);
            return value.get(C_LONG, 0);
        }
    }

    /** At most {@code most} values of an enumeration. */
    final int[] readEnumeration(int attribute, int type, int most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(C_INT, most);
            int count = read(arena, attribute, type, most, values);
            return values.asSlice(0, Math.min(count, most) * C_INT.byteSize()).toArray(C_INT);
        }
    }

    /** Lets cuDNN fill descriptors that are not finalised; returns how many it filled. */
    final int readInto(int attribute, List<? extends BackendDescriptor> empty) {
        try (Arena arena = Arena.ofConfined()) {
            int type = CUDNN_TYPE_BACKEND_DESCRIPTOR();
            return read(arena, attribute, type, empty.size(), addresses(arena, empty));
        }
    }

    private static MemorySegment addresses(Arena arena, List<? extends BackendDescriptor> descriptors) {
        MemorySegment addresses = arena.allocate(C_POINTER, descriptors.size());
        for (int i = 0; i < descriptors.size(); i++) {
            addresses.setAtIndex(C_POINTER, i, descriptors.get(i).address());
        }
        return addresses;
    }

    private int read(Arena arena, int attribute, int type, long most, MemorySegment values) {
        MemorySegment count = arena.allocate(C_LONG);
        library.check(
                "cudnnBackendGetAttribute", cudnnBackendGetAttribute(address(), attribute, type, most, count, values));
        return Math.toIntExact(count.get(C_LONG, 0));
    }

    private void set(int attribute, int type, long count, MemorySegment values) {
        library.check("cudnnBackendSetAttribute", cudnnBackendSetAttribute(address(), attribute, type, count, values));
    }

    /** The descriptor as calls of cuDNN take it. */
    final MemorySegment handle() {
        return address();
    }

    @Override
    protected final void destroy() {
        library.check("cudnnBackendDestroyDescriptor", cudnnBackendDestroyDescriptor(address()));
    }
}
