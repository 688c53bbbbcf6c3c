package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_INT;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_LONG;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An object of the library that is described by numbered attributes. */
abstract class Attributed extends NativeHandle {
    Attributed(MemorySegment handle) {
        super(handle);
    }

    /** Hands the library an attribute's bytes. */
    abstract void set(int attribute, MemorySegment value);

    final void set(int attribute, int value) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, arena.allocateFrom(C_INT, value));
        }
    }

    final void set(int attribute, long value) {
        try (Arena arena = Arena.ofConfined()) {
            set(attribute, arena.allocateFrom(C_LONG, value));
        }
    }

    final MemorySegment handle() {
        return address();
    }
}
