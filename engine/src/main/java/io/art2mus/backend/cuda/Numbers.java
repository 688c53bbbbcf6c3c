package io.art2mus.backend.cuda;

import io.art2mus.backend.Bfloat16;
import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.kernels.Elements;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers in the types that a device stores, on the host. */
final class Numbers {
    private Numbers() {}

    /** Overwrites the element at {@code index} with {@code number}, rounded to the nearest, ties to even. */
    static void set(MemorySegment data, Elements elements, long index, float number) {
        switch (elements) {
            case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, index, number);
            case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(number));
            case BF16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, index, Bfloat16.fromFloat(number));
        }
    }

    static float get(MemorySegment data, Elements elements, long index) {
        return (float) stored(elements).read(data, index);
    }

    /** How files call these elements. */
    static DType stored(Elements elements) {
        return switch (elements) {
            case F32 -> DType.F32;
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
        };
    }

    /** Writes all values of {@code from}. */
    static void write(HostTensor from, MemorySegment data, Elements elements) {
        if (elements == Elements.F32) {
            data.copyFrom(from.data());
            return;
        }
        for (long i = 0; i < from.shape().elements(); i++) {
            set(data, elements, i, from.get(i));
        }
    }

    /** Reads all values of {@code to}. */
    static void read(MemorySegment data, Elements elements, HostTensor to) {
        if (elements == Elements.F32) {
            to.data().copyFrom(data);
            return;
        }
        for (long i = 0; i < to.shape().elements(); i++) {
            to.set(i, get(data, elements, i));
        }
    }
}
