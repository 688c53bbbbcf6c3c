package io.art2mus.backend.cpu;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.UnsupportedPrecisionException;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.onednn.CpuEngine;
import io.art2mus.ffi.onednn.CpuStream;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.ffi.onednn.ThreadTeam;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Parameter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The CPU through oneDNN, in float32 or, with float32 accumulation, in bfloat16. */
public final class CpuBackend implements Backend {
    private final HandleScope scope;
    private final CpuEngine engine;
    private final CpuStream stream;
    private final ThreadTeam threads;
    private final Choices choices;
    private final DataType precision;
    private final @Nullable UserCache cache;

    private CpuBackend(DataType precision, Choices choices, @Nullable UserCache cache) {
        this.precision = precision;
        this.choices = choices;
        this.cache = cache;
        try (HandleScope opening = new HandleScope()) {
            engine = opening.own(CpuEngine.create());
            stream = opening.own(CpuStream.create(engine));
            threads = opening.own(ThreadTeam.of(OneDnn.threads()));
            scope = opening.release();
        }
    }

    /** bfloat16 where the processor multiplies in it, else float32. */
    public static Precision bestPrecision() {
        return OneDnn.instructionSet().hasBf16() ? Precision.BF16 : Precision.F32;
    }

    /** {@link #open(int, Precision, UserCache)} that keeps nothing between processes, and so measures nothing: the next would choose otherwise. */
    public static CpuBackend open(int threads, Precision precision) {
        return open(threads, precision, Choices.USUAL, null);
    }

    /**
     * The CPU for plans of the calling thread.
     *
     * @param threads worker threads of every plan, at least 1; primitives fix the number when they are made
     * @param cache keeps what was the fastest here, and repacked parameters; null keeps nothing
     * @throws io.art2mus.ffi.LibraryUnavailableException where oneDNN cannot be used
     * @throws UnsupportedPrecisionException for float16, and for bfloat16 on a processor that does not multiply in it
     */
    public static CpuBackend open(int threads, Precision precision, @Nullable UserCache cache) {
        return open(threads, precision, cache == null ? Choices.USUAL : new MeasuredChoices(cache), cache);
    }

    static CpuBackend open(int threads, Precision precision, Choices choices) {
        return open(threads, precision, choices, null);
    }

    private static CpuBackend open(int threads, Precision precision, Choices choices, @Nullable UserCache cache) {
        DataType type = stored(precision);
        OneDnn.setThreads(threads);
        return new CpuBackend(type, choices, cache);
    }

    private static DataType stored(Precision precision) {
        return switch (precision) {
            case F32 -> DataType.F32;
            case BF16 -> {
                if (!OneDnn.instructionSet().hasBf16()) {
                    throw new UnsupportedPrecisionException("this processor ("
                            + OneDnn.instructionSet().text() + ") has no bfloat16 instructions; choose f32 or auto");
                }
                yield DataType.BF16;
            }
            case F16 ->
                throw new UnsupportedPrecisionException(
                        "f16 is for GPUs, the CPU does not compute in it: give f32, bf16 or auto");
        };
    }

    @Override
    public String name() {
        return "cpu " + precision.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Plan compile(Graph graph, Map<String, DeviceBuffer> bound) {
        return compile(graph, bound, Optional.empty());
    }

    @Override
    public Plan compile(Graph graph, Map<String, DeviceBuffer> bound, Optional<String> identity) {
        Target target = new Target(engine, stream, choices, threads, precision);
        UserCache kept = cache;
        if (kept == null || identity.isEmpty()) {
            return CpuPlan.compile(graph, bound, target, null);
        }
        String key = String.join(
                "\n",
                identity.get(),
                "oneDNN " + OneDnn.load().version(),
                OneDnn.instructionSet().text(),
                name(),
                OneDnn.threads() + " threads",
                graph.parameters().values().stream().map(Parameter::path).collect(Collectors.joining("\n")));
        return CpuPlan.compile(graph, bound, target, arena -> RepackedWeights.open(kept, key, arena));
    }

    @Override
    public void close() {
        scope.close();
    }
}
