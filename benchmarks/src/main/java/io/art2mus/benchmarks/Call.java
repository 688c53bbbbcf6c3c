package io.art2mus.benchmarks;

import io.art2mus.benchmarks.subject.Machine;
import io.art2mus.benchmarks.subject.Opened;
import io.art2mus.benchmarks.subject.Subject;
import io.art2mus.graph.Graph;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One call of a subject. The harness makes this object itself, so that what it measures is handed to it by a static field; it runs in
 * the command's own process, for what is measured is native code that no profile of the virtual machine alters.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Call {
    private static volatile @Nullable Task task;

    private @Nullable Opened opened;

    /** What is measured next, and what is found out besides. */
    static final class Task {
        private final Subject subject;
        private final Machine machine;
        private volatile double opening;
        private volatile double first;
        private volatile int runs = 1;
        private volatile @Nullable Graph graph;

        Task(Subject subject, Machine machine) {
            this.subject = subject;
            this.machine = machine;
        }

        /** Seconds until the subject was ready. */
        double opening() {
            return opening;
        }

        /** How often a call after the first does it. */
        int runs() {
            return runs;
        }

        /** Seconds of the first call. */
        double first() {
            return first;
        }

        /** What a call computes, where that is known. */
        @Nullable
        Graph graph() {
            return graph;
        }

        /** Opens the subject and calls it once. */
        Opened open() {
            long began = System.nanoTime();
            Opened opened = subject.open(machine);
            long ready = System.nanoTime();
            try {
                opened.call();
                first = (System.nanoTime() - ready) / 1e9;
                opened.settle();
            } catch (Throwable failure) {
                opened.close();
                throw failure;
            }
            runs = opened.runs();
            opening = (ready - began) / 1e9;
            graph = opened.graph();
            return opened;
        }
    }

    /** Says what the harness is to measure. */
    static void prepare(Task next) {
        task = next;
    }

    @Setup(Level.Trial)
    public void open() {
        Task current = task;
        if (current == null) {
            throw new IllegalStateException("there is nothing to measure");
        }
        opened = current.open();
    }

    @Benchmark
    public void call() {
        Opened ready = opened;
        if (ready != null) {
            ready.call();
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        Opened done = opened;
        if (done != null) {
            done.close();
        }
    }
}
