/**
 * ONNX Runtime 1.28 behind an owned layer: graphs described in Java, built in memory through its model editor on weights
 * that stay where they are mapped, and run on host memory.
 */
@NullMarked
package io.art2mus.ffi.onnxruntime;

import org.jspecify.annotations.NullMarked;
