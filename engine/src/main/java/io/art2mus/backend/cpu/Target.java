package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.CpuEngine;
import io.art2mus.ffi.onednn.CpuStream;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.ThreadTeam;

/**
 * What plans are compiled for.
 *
 * @param engine owned by the backend
 * @param stream owned by the backend; runs in order
 * @param choices between ways to compute the same
 * @param threads for host code; owned by the backend
 * @param precision storage type of activations and of the weights of products and convolutions
 */
record Target(CpuEngine engine, CpuStream stream, Choices choices, ThreadTeam threads, DataType precision) {}
