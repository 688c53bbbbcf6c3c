package io.art2mus.backend.cpu;

import java.lang.foreign.MemorySegment;

/** Numbers that host code works on, and the same memory as bytes: compilers vectorise loops over arrays, but no cast of bits to floats. */
final class HostRow {
    final float[] floats;
    final MemorySegment bytes;

    HostRow(int length) {
        floats = new float[length];
        bytes = MemorySegment.ofArray(floats);
    }
}
