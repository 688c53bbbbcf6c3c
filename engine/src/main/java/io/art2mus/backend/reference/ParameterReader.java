package io.art2mus.backend.reference;

import io.art2mus.graph.Parameter;

/** Reads a checkpoint's tensors, strided or not, of any storage type. */
final class ParameterReader {
    private ParameterReader() {}

    static Tensor read(Parameter parameter) {
        Tensor tensor = Tensor.zeros(parameter.shape());
        for (int element = 0; element < tensor.data().length; element++) {
            long offset = 0;
            for (int axis = 0; axis < parameter.shape().rank(); axis++) {
                int index = element / tensor.stride(axis) % tensor.extent(axis);
                offset += index * parameter.strides().get(axis);
            }
            tensor.data()[element] = parameter.dtype().read(parameter.data(), offset);
        }
        return tensor;
    }
}
