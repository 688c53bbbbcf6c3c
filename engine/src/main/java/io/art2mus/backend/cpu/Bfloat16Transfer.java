package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Widens, and rounds to nearest, ties to even; a NaN that arithmetic makes stays one. Lengths and offsets are even: two elements are read as one integer, since loops over short
 * integers, and those that cast bits to floats, are not vectorised. What is read therefore has the elements of even index first.
 */
final class Bfloat16Transfer implements RowTransfer {
    private static final int UPPER = 0xffff0000;

    private final int[] pairs;
    private final int[] even;
    private final int[] odd;
    private final long[] wide;
    private final MemorySegment evenBytes;
    private final MemorySegment oddBytes;
    private final MemorySegment wideBytes;

    /** For rows of at most {@code length} elements. */
    Bfloat16Transfer(int length) {
        pairs = new int[length / 2];
        even = new int[length / 2];
        odd = new int[length / 2];
        wide = new long[length / 2];
        evenBytes = MemorySegment.ofArray(even);
        oddBytes = MemorySegment.ofArray(odd);
        wideBytes = MemorySegment.ofArray(wide);
    }

    @Override
    public void read(MemorySegment from, long first, HostRow row, int length) {
        int half = length / 2;
        MemorySegment.copy(from, ValueLayout.JAVA_INT, first * DataType.BF16.bytes(), pairs, 0, half);
        split(pairs, even, odd, half);
        long bytes = (long) half * Integer.BYTES;
        MemorySegment.copy(evenBytes, 0, row.bytes, 0, bytes);
        MemorySegment.copy(oddBytes, 0, row.bytes, bytes, bytes);
    }

    @Override
    public int element(int place, int length) {
        int half = length / 2;
        return place < half ? 2 * place : 2 * (place - half) + 1;
    }

    @Override
    public void writeAsRead(HostRow row, MemorySegment to, long first, int length) {
        int half = length / 2;
        long bytes = (long) half * Integer.BYTES;
        MemorySegment.copy(row.bytes, 0, evenBytes, 0, bytes);
        MemorySegment.copy(row.bytes, bytes, oddBytes, 0, bytes);
        join(even, odd, pairs, half);
        MemorySegment.copy(pairs, 0, to, ValueLayout.JAVA_INT, first * DataType.BF16.bytes(), half);
    }

    @Override
    public void write(HostRow row, MemorySegment to, long first, int length) {
        int half = length / 2;
        MemorySegment.copy(row.bytes, 0, wideBytes, 0, (long) length * Float.BYTES);
        round(wide, half);
        narrow(wide, pairs, half);
        MemorySegment.copy(pairs, 0, to, ValueLayout.JAVA_INT, first * DataType.BF16.bytes(), half);
    }

    private static void split(int[] pairs, int[] even, int[] odd, int count) {
        for (int i = 0; i < count; i++) {
            even[i] = pairs[i] << 16;
            odd[i] = pairs[i] & UPPER;
        }
    }

    private static void join(int[] even, int[] odd, int[] pairs, int count) {
        for (int i = 0; i < count; i++) {
            int low = even[i] + 0x7fff + ((even[i] >>> 16) & 1);
            int high = odd[i] + 0x7fff + ((odd[i] >>> 16) & 1);
            pairs[i] = (high & UPPER) | (low >>> 16);
        }
    }

    /** Both floats of each integer to their upper halves, which are brought together. */
    private static void round(long[] wide, int count) {
        for (int i = 0; i < count; i++) {
            long rounded = wide[i] + 0x00007fff_00007fffL + ((wide[i] >>> 16) & 0x00000001_00000001L);
            wide[i] = ((rounded >>> 32) & 0xffff0000L) | ((rounded >>> 16) & 0xffffL);
        }
    }

    private static void narrow(long[] wide, int[] pairs, int count) {
        for (int i = 0; i < count; i++) {
            pairs[i] = (int) wide[i];
        }
    }
}
