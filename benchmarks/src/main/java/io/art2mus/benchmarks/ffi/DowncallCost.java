package io.art2mus.benchmarks.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A call of a function that does next to nothing (libc's {@code abs}), so that what is measured is the way there and
 * back: as every binding is made, as a trivial getter may be made ({@link Linker.Option#critical}, which keeps the
 * thread in the Java state), and the same arithmetic in Java as the floor.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DowncallCost {
    private static final FunctionDescriptor INT_TO_INT =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle PLAIN = abs();
    private static final MethodHandle CRITICAL = abs(Linker.Option.critical(false));

    @Benchmark
    public int plain(Argument argument) throws Throwable {
        return (int) PLAIN.invokeExact(argument.value);
    }

    @Benchmark
    public int critical(Argument argument) throws Throwable {
        return (int) CRITICAL.invokeExact(argument.value);
    }

    @Benchmark
    public int java(Argument argument) {
        return Math.abs(argument.value);
    }

    private static MethodHandle abs(Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().findOrThrow("abs");
        return linker.downcallHandle(address, INT_TO_INT, options);
    }
}
