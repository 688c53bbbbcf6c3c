package io.art2mus.backend.reference;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads a checkpoint's tensors, strided or not, of any storage type. Files are little-endian and aligned to nothing. */
final class ParameterReader {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ParameterReader() {}

    static Tensor read(Parameter parameter) {
        Tensor tensor = Tensor.zeros(parameter.shape());
        for (int element = 0; element < tensor.data().length; element++) {
            long offset = 0;
            for (int axis = 0; axis < parameter.shape().rank(); axis++) {
                int index = element / tensor.stride(axis) % tensor.extent(axis);
                offset += index * parameter.strides().get(axis);
            }
            tensor.data()[element] = read(
                    parameter.data(),
                    parameter.dtype(),
                    offset * parameter.dtype().bytes());
        }
        return tensor;
    }

    private static double read(MemorySegment data, DType dtype, long offset) {
        return switch (dtype) {
            case F64 -> data.get(DOUBLE, offset);
            case F32 -> data.get(FLOAT, offset);
            case F16 -> Float.float16ToFloat(data.get(SHORT, offset));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, offset) << Short.SIZE);
            case I32 -> data.get(INT, offset);
            case I64 -> data.get(LONG, offset);
        };
    }
}
