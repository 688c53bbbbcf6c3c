package io.art2mus.ffi.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.HandleScope;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** An engine, a stream, buffers and everything else a test opens; closed in one place. */
final class Workbench implements AutoCloseable {
    private final HandleScope scope = new HandleScope();
    private final Arena arena = scope.own(Arena.ofConfined());
    final CpuEngine engine = scope.own(CpuEngine.create());
    final CpuStream stream = scope.own(CpuStream.create(engine));

    <T extends AutoCloseable> T own(T resource) {
        return scope.own(resource);
    }

    /** A zeroed buffer under {@code descriptor}. */
    DnnlMemory memory(MemoryDescriptor descriptor) {
        return memory(descriptor, buffer(descriptor.bytes()));
    }

    DnnlMemory memory(MemoryDescriptor descriptor, MemorySegment data) {
        own(descriptor);
        return own(DnnlMemory.over(engine, descriptor, data));
    }

    MemorySegment buffer(long bytes) {
        return arena.allocate(Math.max(bytes, 1), 64);
    }

    /** A buffer that holds {@code values}, rounded to {@code type}. */
    MemorySegment buffer(DataType type, float... values) {
        MemorySegment data = buffer((long) values.length * type.bytes());
        for (int i = 0; i < values.length; i++) {
            switch (type) {
                case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
                case BF16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, toBf16(values[i]));
                case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
                case S32, U8 -> throw new IllegalArgumentException("tests hold floating point values");
            }
        }
        return data;
    }

    /** What {@code data} holds as {@code type}. */
    static float[] values(DataType type, MemorySegment data, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case F32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16);
                case F16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, i));
                case S32, U8 -> throw new IllegalArgumentException("tests hold floating point values");
            };
        }
        return values;
    }

    /** Runs {@code primitive} once with these memories and a scratchpad if it wants one. */
    void run(Primitive primitive, Map<Argument, DnnlMemory> arguments) {
        own(primitive);
        Map<Argument, DnnlMemory> all = new HashMap<>(arguments);
        if (primitive.scratchpadBytes() > 0) {
            all.put(Argument.SCRATCHPAD, memory(MemoryDescriptor.plain(DataType.U8, primitive.scratchpadBytes())));
        }
        try (Execution execution = Execution.prepare(primitive, all)) {
            execution.run(stream);
            stream.await();
        }
    }

    /** {@code source} brought into the layout that {@code primitive} takes {@code argument} in. */
    DnnlMemory packed(Primitive primitive, Argument argument, DnnlMemory source, MemoryDescriptor sourceDescriptor) {
        MemoryDescriptor chosen = primitive.descriptor(argument);
        DnnlMemory packed = memory(chosen);
        run(
                new Reorder(sourceDescriptor, chosen, PrimitiveAttributes.PLAIN).create(engine),
                Map.of(Argument.SRC, source, Argument.DST, packed));
        return packed;
    }

    /** Deterministic values around zero, already rounded to {@code type}. */
    static float[] random(DataType type, int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float value = (float) random.nextGaussian();
            values[i] = type == DataType.BF16 ? Float.intBitsToFloat(toBf16(value) << 16) : value;
        }
        return values;
    }

    /** Asserts the relative error (root of squared differences over root of squares), and prints what was reached. */
    static void assertClose(String what, float[] actual, double[] expected, double limit) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        double error = Math.sqrt(difference / norm);
        System.out.printf(Locale.ROOT, "%s: %.1e (limit %.0e)%n", what, error, limit);
        assertThat(actual).as(what).hasSize(expected.length);
        assertThat(error).as(what).isLessThanOrEqualTo(limit);
    }

    /** float32 or bf16's limit. */
    static double limit(DataType type) {
        return type == DataType.F32 ? 1e-5 : 2e-2;
    }

    @Override
    public void close() {
        scope.close();
    }

    /** Round to nearest, ties to even. */
    private static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
