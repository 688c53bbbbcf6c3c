package io.art2mus.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaContext;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** A GPU, real or emulated, on which a test runs kernels; what it puts there lives until it is closed. */
final class Gpu implements AutoCloseable {
    private final HandleScope scope = new HandleScope();
    private final Cuda cuda;
    private final CudaStream stream;
    final Arena arena = scope.own(Arena.ofConfined());
    final CudaDevice device;
    final Kernels kernels;

    private Gpu() {
        cuda = Cuda.load();
        device = cuda.devices().getFirst();
        scope.own(CudaContext.open(cuda, device));
        stream = scope.own(CudaStream.open(cuda));
        kernels = scope.own(Kernels.open(cuda, device, null));
    }

    static Gpu open() {
        assumeTrue(
                Boolean.getBoolean("require.gpu") || Cuda.status().available(),
                "there is a GPU, or an emulated device");
        return new Gpu();
    }

    /** Numbers on the device, and the doubles that they are there. */
    final class Numbers {
        final Elements elements;
        final double[] values;
        final DeviceMemory memory;
        private final long shift;

        private Numbers(Elements elements, double[] values, long shift) {
            this.elements = elements;
            this.shift = shift;
            this.values = new double[values.length];
            memory = scope.own(DeviceMemory.allocate(cuda, shift + (long) values.length * elements.bytes()));
            MemorySegment host = arena.allocate((long) values.length * elements.bytes());
            for (int i = 0; i < values.length; i++) {
                write(host, i, (float) values[i]);
                this.values[i] = read(host, i);
            }
            memory.upload(shift, host);
        }

        long address() {
            return memory.devicePointer() + shift;
        }

        /** Address of element {@code i}. */
        long address(long i) {
            return address() + i * elements.bytes();
        }

        /** What is there now. */
        double[] now() {
            MemorySegment host = arena.allocate((long) values.length * elements.bytes());
            memory.download(shift, host);
            double[] now = new double[values.length];
            for (int i = 0; i < now.length; i++) {
                now[i] = read(host, i);
            }
            return now;
        }

        private void write(MemorySegment host, int i, float value) {
            switch (elements) {
                case F32 -> host.setAtIndex(JAVA_FLOAT, i, value);
                case F16 -> host.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(value));
                case BF16 -> {
                    int bits = Float.floatToRawIntBits(value);
                    // Ties to even.
                    host.setAtIndex(JAVA_SHORT, i, (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
                }
            }
        }

        private double read(MemorySegment host, int i) {
            return switch (elements) {
                case F32 -> host.getAtIndex(JAVA_FLOAT, i);
                case F16 -> Float.float16ToFloat(host.getAtIndex(JAVA_SHORT, i));
                case BF16 -> Float.intBitsToFloat(host.getAtIndex(JAVA_SHORT, i) << 16);
            };
        }
    }

    /** Normally distributed numbers, rounded as they are stored. */
    Numbers random(Elements elements, long count, long seed) {
        return random(elements, count, seed, 0);
    }

    /** As above, so many bytes behind the start of an allocation: for addresses that are not aligned. */
    Numbers random(Elements elements, long count, long seed, long shift) {
        Random random = new Random(seed);
        double[] values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return new Numbers(elements, values, shift);
    }

    /** Given numbers, rounded as they are stored. */
    Numbers of(Elements elements, double... values) {
        return new Numbers(elements, values, 0);
    }

    /** Where a result goes: no number yet, so that what is not written shows. */
    Numbers result(Elements elements, long count) {
        double[] values = new double[(int) count];
        Arrays.fill(values, Double.NaN);
        return new Numbers(elements, values, 0);
    }

    /** One int32 on the device. */
    DeviceMemory number(int value) {
        DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, Integer.BYTES));
        memory.upload(0, arena.allocateFrom(JAVA_INT, value));
        return memory;
    }

    int read(DeviceMemory number) {
        MemorySegment host = arena.allocate(JAVA_INT);
        number.download(0, host);
        return host.get(JAVA_INT, 0);
    }

    /** So many bytes for a kernel to work in; its address, or 0 where it wants none. */
    long workspace(long bytes) {
        if (bytes == 0) {
            return 0;
        }
        DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, bytes));
        memory.upload(0, arena.allocate(JAVA_BYTE, bytes));
        return memory.devicePointer();
    }

    void run(Launch launch) {
        launch.enqueue(stream);
        stream.synchronize();
    }

    /** Fails where what is on the device is further from the expected numbers than the storage type allows. */
    static void assertClose(String what, Numbers reached, IntToDoubleFunction expected) {
        double[] now = reached.now();
        double difference = 0;
        double size = 0;
        for (int i = 0; i < now.length; i++) {
            double right = expected.applyAsDouble(i);
            difference += (now[i] - right) * (now[i] - right);
            size += right * right;
        }
        double relative = Math.sqrt(difference / size);
        double limit = limit(reached.elements);
        System.out.printf("%s, %s: %.1e (limit %.0e)%n", what, reached.elements, relative, limit);
        assertThat(relative).as(what).isLessThanOrEqualTo(limit);
    }

    /** Norm of the difference over norm of the reference. */
    static double limit(Elements elements) {
        return switch (elements) {
            case F32 -> 1e-5;
            case F16 -> 5e-3;
            case BF16 -> 2e-2;
        };
    }

    @Override
    public void close() {
        scope.close();
    }
}
