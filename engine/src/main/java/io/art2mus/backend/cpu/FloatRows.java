package io.art2mus.backend.cpu;

import io.art2mus.backend.Bfloat16;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.graph.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Numbers in host memory, some consecutive ones at a time as float32.
 *
 * @param data F32 or BF16
 */
record FloatRows(MemorySegment data, DataType type) {
    FloatRows {
        if (type != DataType.F32 && type != DataType.BF16) {
            throw new IllegalArgumentException(type + " is not read as float32");
        }
    }

    /** Overwrites {@code row} with the numbers from the element {@code first} on. */
    void read(long first, float[] row) {
        if (type == DataType.F32) {
            MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, first * Float.BYTES, row, 0, row.length);
            return;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) DType.BF16.read(data, first + i);
        }
    }

    /** Overwrites the elements from {@code first} on with {@code row}, rounded where they are shorter. */
    void write(long first, float[] row) {
        if (type == DataType.F32) {
            MemorySegment.copy(row, 0, data, ValueLayout.JAVA_FLOAT, first * Float.BYTES, row.length);
            return;
        }
        for (int i = 0; i < row.length; i++) {
            data.setAtIndex(ValueLayout.JAVA_SHORT, first + i, Bfloat16.fromFloat(row[i]));
        }
    }
}
