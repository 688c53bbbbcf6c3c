package io.art2mus.weights;

import io.art2mus.graph.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Looks for NaN and infinity, eight bytes at a time: both have every bit of the exponent set, so that adding its lowest
 * bit carries into the sign's place, which was masked out before.
 */
final class Finiteness {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Finiteness() {}

    /** Whether every element is a number; also looks at what lies between the elements of a strided view. */
    static boolean isFinite(Parameter parameter) {
        MemorySegment data = parameter.data();
        return switch (parameter.dtype()) {
            case F64 -> isFinite(data, 0x7ff0_0000_0000_0000L, 0x0010_0000_0000_0000L);
            case F32 -> isFinite(data, 0x7f80_0000_7f80_0000L, 0x0080_0000_0080_0000L);
            case F16 -> isFinite(data, 0x7c00_7c00_7c00_7c00L, 0x0400_0400_0400_0400L);
            case BF16 -> isFinite(data, 0x7f80_7f80_7f80_7f80L, 0x0080_0080_0080_0080L);
            case I64, I32 -> true;
        };
    }

    private static boolean isFinite(MemorySegment data, long exponent, long lowestBit) {
        long whole = data.byteSize() / Long.BYTES * Long.BYTES;
        long sums = 0;
        for (long at = 0; at < whole; at += Long.BYTES) {
            sums |= (data.get(LONG, at) & exponent) + lowestBit;
        }
        long rest = 0;
        for (long at = whole; at < data.byteSize(); at++) {
            rest |= (data.get(ValueLayout.JAVA_BYTE, at) & 0xffL) << (Byte.SIZE * (at - whole));
        }
        sums |= (rest & exponent) + lowestBit;
        return (sums & (exponent + lowestBit)) == 0;
    }
}
