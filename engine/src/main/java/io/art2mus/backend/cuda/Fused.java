package io.art2mus.backend.cuda;

import io.art2mus.graph.Parameter;
import io.art2mus.graph.Value;
import java.util.List;
import java.util.Map;

/**
 * A graph as this backend runs it.
 *
 * @param steps in order
 * @param parameters the graph's
 * @param views tensors that are parts of others and have no memory of their own
 */
record Fused(List<Work> steps, Map<Value, Parameter> parameters, Map<Value, View> views) {
    /**
     * A part of a tensor, with the tensor's strides.
     *
     * @param base has memory
     * @param offset elements from its first one to the part's first one
     */
    record View(Value base, long offset) {}
}
