package io.art2mus.cli.ceiling;

import io.art2mus.backend.Precision;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cublaslt.CublasLtHandle;
import io.art2mus.ffi.cublaslt.Matmul;
import io.art2mus.ffi.cublaslt.MatrixElements;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaContext;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import java.util.Locale;

/**
 * The most that this very GPU was seen to do, now, with what is measured against it.
 *
 * @param precision of the product's matrices
 * @param productFlops floating-point operations a second of a square product by cuBLASLt, its fastest algorithm
 * @param productSize rows of each matrix
 * @param copyBytesPerSecond bytes read and written by a copy within its memory
 * @param copyBytes of one copy
 */
public record Ceilings(
        String precision, double productFlops, long productSize, double copyBytesPerSecond, long copyBytes) {
    private static final long LARGEST_PRODUCT = 8192;
    private static final long SMALLEST_COPY = 1L << 24;
    private static final long LARGEST_COPY = 1L << 30;
    private static final long WORKSPACE = 32L << 20;

    /** A size is large enough when one run takes so long. */
    private static final double SECONDS_ENOUGH = 0.02;

    /** Measures both, on the device's primary context. */
    public static Ceilings measure(CudaDevice device, Precision precision) {
        Cuda cuda = Cuda.load();
        try (HandleScope scope = new HandleScope()) {
            CudaContext context = scope.own(CudaContext.open(cuda, device));
            CudaStream stream = scope.own(CudaStream.open(cuda));
            Stopwatch stopwatch = new Stopwatch(stream::synchronize);
            long free = context.freeBytes();
            long size = 256;
            double seconds = product(cuda, stream, stopwatch, precision, size);
            while (size < LARGEST_PRODUCT && seconds < SECONDS_ENOUGH && productBytes(precision, 2 * size) < free / 2) {
                size *= 2;
                seconds = product(cuda, stream, stopwatch, precision, size);
            }
            long bytes = SMALLEST_COPY;
            double copied = copy(cuda, stream, stopwatch, bytes);
            while (bytes < LARGEST_COPY && copied < SECONDS_ENOUGH && 4 * bytes < free / 2) {
                bytes *= 2;
                copied = copy(cuda, stream, stopwatch, bytes);
            }
            return new Ceilings(
                    precision.toString(), 2.0 * size * size * size / seconds, size, 2 * bytes / copied, bytes);
        }
    }

    private static long productBytes(Precision precision, long size) {
        return 3 * size * size * precision.bytes() + WORKSPACE;
    }

    /** Seconds of the fastest algorithm. */
    private static double product(Cuda cuda, CudaStream stream, Stopwatch stopwatch, Precision precision, long size) {
        try (HandleScope scope = new HandleScope()) {
            long matrix = size * size * precision.bytes();
            MatrixElements elements = elements(precision);
            DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, productBytes(precision, size)));
            Noise.fill(memory, 2 * matrix, precision);
            CublasLtHandle handle = scope.own(CublasLtHandle.open(CublasLt.load()));
            long left = memory.devicePointer();
            Matmul.Rows result = new Matmul.Rows(left + 2 * matrix, size);
            Matmul product = scope.own(Matmul.prepare(
                    handle,
                    new Matmul.Problem(
                            elements,
                            elements,
                            size,
                            size,
                            size,
                            new Matmul.Rows(left, size),
                            false,
                            new Matmul.Rows(left + matrix, size),
                            true,
                            Matmul.Epilogue.NONE,
                            0,
                            false,
                            result,
                            result),
                    WORKSPACE));
            double fastest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < product.algorithms(); i++) {
                int algorithm = i;
                fastest = Math.min(
                        fastest,
                        stopwatch
                                .time(() -> product.enqueue(stream, algorithm, left + 3 * matrix))
                                .fastest());
            }
            return fastest;
        }
    }

    private static MatrixElements elements(Precision precision) {
        return switch (precision) {
            case F32 -> MatrixElements.FLOAT32;
            case F16 -> MatrixElements.FLOAT16;
            case BF16 -> MatrixElements.BFLOAT16;
        };
    }

    private static double copy(Cuda cuda, CudaStream stream, Stopwatch stopwatch, long bytes) {
        try (HandleScope scope = new HandleScope()) {
            DeviceMemory source = scope.own(DeviceMemory.allocate(cuda, bytes));
            DeviceMemory target = scope.own(DeviceMemory.allocate(cuda, bytes));
            source.clear(stream, 0, bytes);
            return stopwatch.time(() -> target.copy(stream, source, bytes)).fastest();
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.3g TFLOP/s in a product (%s) of %d x %d by cuBLASLt, %.3g GB/s in a copy of %.0f MiB",
                productFlops / 1e12,
                precision,
                productSize,
                productSize,
                copyBytesPerSecond / 1e9,
                copyBytes / 0x1p20);
    }
}
