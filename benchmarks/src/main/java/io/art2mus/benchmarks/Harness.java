package io.art2mus.benchmarks;

import io.art2mus.benchmarks.ceiling.Floor;
import io.art2mus.benchmarks.report.BenchException;
import io.art2mus.benchmarks.report.Measurement;
import io.art2mus.benchmarks.subject.Machine;
import io.art2mus.benchmarks.subject.Subject;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Work;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Measures subjects one after another. */
final class Harness {
    private final Machine machine;
    private final Floor floor;
    private final long milliseconds;

    /**
     * @param floor measured by the calling thread, between subjects
     * @param milliseconds that calls are sampled for, after as long a warm-up; at least one call each
     */
    Harness(Machine machine, Floor floor, long milliseconds) {
        this.machine = machine;
        this.floor = floor;
        this.milliseconds = milliseconds;
    }

    Measurement measure(Subject subject) {
        Call.Task task = new Call.Task(subject, machine);
        Call.prepare(task);
        TimeValue time = new TimeValue(milliseconds, TimeUnit.MILLISECONDS);
        Options options = new OptionsBuilder()
                .include("^" + Call.class.getName() + "\\.call$")
                .forks(0)
                .warmupIterations(1)
                .warmupTime(time)
                .measurementIterations(1)
                .measurementTime(time)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Statistics times = run(subject, options).getPrimaryResult().getStatistics();
        Graph graph = task.graph();
        double nanoseconds = 1e9 * task.runs();
        return new Measurement(
                subject.name(),
                subject.perCall(),
                times.getN() * task.runs(),
                task.opening(),
                task.first(),
                times.getPercentile(50) / nanoseconds,
                times.getPercentile(90) / nanoseconds,
                times.getPercentile(99) / nanoseconds,
                graph == null ? Work.NONE : Work.of(graph),
                machine.precision().bytes(),
                graph == null ? OptionalDouble.empty() : OptionalDouble.of(floor.of(graph)));
    }

    private static RunResult run(Subject subject, Options options) {
        try {
            return new Runner(options).runSingle();
        } catch (RunnerException failure) {
            Throwable reason = failure;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            for (Throwable suppressed : failure.getSuppressed()) {
                reason = suppressed.getCause() == null ? suppressed : suppressed.getCause();
            }
            throw new BenchException(subject.name() + ": " + reason.getMessage(), failure);
        }
    }
}
