package io.art2mus.ffi.onednn;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.MemorySegment;

/** A oneDNN object; its siblings in this package, and nobody else, may pass its handle on. */
abstract class OneDnnHandle extends NativeHandle {
    OneDnnHandle(MemorySegment handle) {
        super(handle);
    }

    final MemorySegment handle() {
        return address();
    }
}
