package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.MemoryDescriptor;

/**
 * A tensor as a primitive takes it.
 *
 * @param descriptor type, shape and layout; the plan's
 * @param memory some bytes seen as that; the plan's
 */
record Operand(MemoryDescriptor descriptor, DnnlMemory memory) {}
