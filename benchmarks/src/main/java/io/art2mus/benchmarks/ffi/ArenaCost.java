package io.art2mus.benchmarks.ffi;

import java.lang.foreign.Arena;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An out-parameter of 8 bytes (libc's {@code time}), where it may live: in a confined arena or a shared arena that is
 * opened and closed around the call, or in one of either kind that was opened long before. Closing a shared arena
 * stops every thread of the process for a handshake; a call holds a segment's arena open while it runs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ArenaCost {
    private static final MethodHandle TIME = time();

    private final Arena confined = Arena.ofConfined();
    private final Arena shared = Arena.ofShared();
    private MemorySegment inConfined = MemorySegment.NULL;
    private MemorySegment inShared = MemorySegment.NULL;

    @Setup
    public void allocate() {
        inConfined = confined.allocate(ValueLayout.JAVA_LONG);
        inShared = shared.allocate(ValueLayout.JAVA_LONG);
    }

    @TearDown
    public void close() {
        confined.close();
        shared.close();
    }

    @Benchmark
    public long confinedKept() throws Throwable {
        return call(inConfined);
    }

    @Benchmark
    public long sharedKept() throws Throwable {
        return call(inShared);
    }

    @Benchmark
    public long confinedForTheCall() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena.allocate(ValueLayout.JAVA_LONG));
        }
    }

    @Benchmark
    public long sharedForTheCall() throws Throwable {
        try (Arena arena = Arena.ofShared()) {
            return call(arena.allocate(ValueLayout.JAVA_LONG));
        }
    }

    private static long call(MemorySegment out) throws Throwable {
        long now = (long) TIME.invokeExact(out);
        return now - out.get(ValueLayout.JAVA_LONG, 0);
    }

    private static MethodHandle time() {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().findOrThrow("time");
        return linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    }
}
