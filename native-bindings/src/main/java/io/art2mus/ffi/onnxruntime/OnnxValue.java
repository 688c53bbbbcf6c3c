package io.art2mus.ffi.onnxruntime;

/**
 * A tensor of an {@link OnnxGraph}: one of its inputs, a weight, or what a node computes.
 *
 * @param name unique within the graph
 */
public record OnnxValue(String name) {
    /** Stands where a node's optional input is left out. */
    public static final OnnxValue NONE = new OnnxValue("");
}
