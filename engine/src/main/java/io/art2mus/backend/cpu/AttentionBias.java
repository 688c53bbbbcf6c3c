package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Something added to the scores of an attention: {@code [N, L, S]}, where the first two extents may be 1. */
record AttentionBias(MemorySegment data, DataType type, long rows, long queries, long keys) {
    /** What an attention adds: a tensor of the graph, the hiding of what comes later, both or neither. */
    static List<AttentionBias> of(Lowering lowering, Op.Attention op) {
        List<AttentionBias> biases = new ArrayList<>();
        Value given = op.bias();
        if (given != null) {
            biases.add(new AttentionBias(
                    lowering.data(given),
                    lowering.precision(),
                    given.shape().extent(0),
                    given.shape().extent(1),
                    given.shape().extent(2)));
        }
        if (op.causal()) {
            long length = op.query().shape().extent(1);
            biases.add(new AttentionBias(future(lowering, length), DataType.F32, 1, length, length));
        }
        return biases;
    }

    /** Minus infinity where a key comes after the query. */
    private static MemorySegment future(Lowering lowering, long length) {
        MemorySegment mask = lowering.allocate(length * length * Float.BYTES);
        for (long query = 0; query < length; query++) {
            for (long key = query + 1; key < length; key++) {
                mask.setAtIndex(ValueLayout.JAVA_FLOAT, query * length + key, Float.NEGATIVE_INFINITY);
            }
        }
        return mask;
    }

    /** As {@code [1, 1, queries or 1, keys]}. */
    MemoryDescriptor descriptor(Layouts layouts, long tile) {
        return layouts.plain(type, 1, 1, queries == 1 ? 1 : tile, keys);
    }

    /** Where the bias of one row's query begins. */
    MemorySegment at(long row, long query) {
        long start = ((rows == 1 ? 0 : row) * queries + (queries == 1 ? 0 : query)) * keys;
        return data.asSlice(start * type.bytes());
    }
}
