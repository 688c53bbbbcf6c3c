package io.art2mus.checkpoint;

import io.art2mus.graph.DType;
import io.art2mus.weights.WeightWriter.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongToDoubleFunction;

/**
 * The elements of new tensors as bytes. Each follows from the seed, its tensor's name and its place alone, in whole numbers and one
 * rounding: whoever asks for which part first, and on what machine, does not matter.
 */
final class Elements {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The golden ratio's fraction, odd: places that follow each other are far apart. */
    private static final long STRIDE = 0x9e3779b97f4a7c15L;

    private static final int LIMB = 0xffff;
    /** Mean and deviation of the sum of four numbers, each equally often 0 … 65535. */
    private static final double SUM_MEAN = 2.0 * LIMB;

    private static final double SUM_DEVIATION = Math.sqrt((65536.0 * 65536 - 1) / 3);

    private Elements() {}

    /**
     * The bytes of a tensor.
     *
     * @param path of its file in the checkpoint
     * @param dtype the type that real numbers are stored in
     */
    static Bytes of(NewTensor tensor, String path, DType dtype, long seed) {
        return switch (tensor.filling()) {
            case Filling.Normal normal -> {
                long key = key(seed, path, tensor.name());
                double factor = normal.deviation() / SUM_DEVIATION;
                double start = normal.mean() - SUM_MEAN * factor;
                yield reals(dtype, place -> start + factor * sum(key, place));
            }
            case Filling.Numbers numbers -> reals(dtype, numbers.element());
            case Filling.Integers integers ->
                (offset, part) -> {
                    long first = offset / Long.BYTES;
                    for (long i = 0; i < part.byteSize() / Long.BYTES; i++) {
                        part.set(LONG, i * Long.BYTES, integers.element().applyAsLong(first + i));
                    }
                };
        };
    }

    private static Bytes reals(DType dtype, LongToDoubleFunction element) {
        return switch (dtype) {
            case F32 -> (offset, part) -> floats(part, offset / Float.BYTES, element);
            case F16 -> (offset, part) -> halves(part, offset / Short.BYTES, element);
            case BF16 -> (offset, part) -> brains(part, offset / Short.BYTES, element);
            case F64, I64, I32 ->
                throw new IllegalArgumentException("a checkpoint is stored in F32, F16 or BF16, not " + dtype);
        };
    }

    private static void floats(MemorySegment part, long first, LongToDoubleFunction element) {
        for (long i = 0; i < part.byteSize() / Float.BYTES; i++) {
            part.set(FLOAT, i * Float.BYTES, (float) element.applyAsDouble(first + i));
        }
    }

    private static void halves(MemorySegment part, long first, LongToDoubleFunction element) {
        for (long i = 0; i < part.byteSize() / Short.BYTES; i++) {
            part.set(SHORT, i * Short.BYTES, Float.floatToFloat16((float) element.applyAsDouble(first + i)));
        }
    }

    /** The upper half of a float, rounded to nearest, to even where that is undecided. */
    private static void brains(MemorySegment part, long first, LongToDoubleFunction element) {
        for (long i = 0; i < part.byteSize() / Short.BYTES; i++) {
            int bits = Float.floatToRawIntBits((float) element.applyAsDouble(first + i));
            int rounded = bits + 0x7fff + (bits >>> Short.SIZE & 1);
            part.set(SHORT, i * Short.BYTES, (short) (rounded >>> Short.SIZE));
        }
    }

    /** The sum of four random numbers of 16 bits: close to normal within 3.4 deviations, and none is beyond. */
    private static long sum(long key, long place) {
        long bits = mixed(key + place * STRIDE);
        return (bits & LIMB) + (bits >>> 16 & LIMB) + (bits >>> 32 & LIMB) + (bits >>> 48);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit of the argument. */
    private static long mixed(long bits) {
        long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static long key(long seed, String path, String name) {
        try {
            byte[] text = (seed + "\n" + path + "\n" + name).getBytes(StandardCharsets.UTF_8);
            return MemorySegment.ofArray(MessageDigest.getInstance("SHA-256").digest(text))
                    .get(LONG, 0);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
