package io.art2mus.backend.cpu;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A plan's layouts, each made once however many operands lie so: which operations are equal can then be told by them. */
final class Layouts {
    private final HandleScope scope;
    private final Map<Layout, MemoryDescriptor> made = new HashMap<>();

    private enum Order {
        PLAIN,
        CHANNELS_LAST,
        STRIDED,
        ANY
    }

    /** @param numbers dimensions, then strides where they do not follow from the order */
    private record Layout(DataType type, Order order, LongBuffer numbers) {
        @Override
        public int hashCode() {
            return 31 * (31 * type.hashCode() + order.hashCode()) + numbers.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Layout(var otherType, var otherOrder, var otherNumbers)
                    && type == otherType
                    && order == otherOrder
                    && numbers.equals(otherNumbers);
        }
    }

    /** Makes none yet; those that are made belong to {@code scope}. */
    Layouts(HandleScope scope) {
        this.scope = scope;
    }

    /** As {@link MemoryDescriptor#plain}. */
    MemoryDescriptor plain(DataType type, long... dims) {
        return made(type, Order.PLAIN, dims, () -> MemoryDescriptor.plain(type, dims));
    }

    /** As {@link MemoryDescriptor#channelsLast}. */
    MemoryDescriptor channelsLast(DataType type, long... dims) {
        return made(type, Order.CHANNELS_LAST, dims, () -> MemoryDescriptor.channelsLast(type, dims));
    }

    /** As {@link MemoryDescriptor#strided}. */
    MemoryDescriptor strided(DataType type, long[] dims, long[] strides) {
        long[] numbers = new long[dims.length + strides.length];
        System.arraycopy(dims, 0, numbers, 0, dims.length);
        System.arraycopy(strides, 0, numbers, dims.length, strides.length);
        return made(type, Order.STRIDED, numbers, () -> MemoryDescriptor.strided(type, dims, strides));
    }

    /** As {@link MemoryDescriptor#any}. */
    MemoryDescriptor any(DataType type, long... dims) {
        return made(type, Order.ANY, dims, () -> MemoryDescriptor.any(type, dims));
    }

    private MemoryDescriptor made(DataType type, Order order, long[] numbers, Supplier<MemoryDescriptor> making) {
        return made.computeIfAbsent(
                new Layout(type, order, LongBuffer.wrap(numbers)), absent -> scope.own(making.get()));
    }
}
