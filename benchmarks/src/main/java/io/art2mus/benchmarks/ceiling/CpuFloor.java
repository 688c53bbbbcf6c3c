package io.art2mus.benchmarks.ceiling;

import io.art2mus.backend.Precision;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.CpuEngine;
import io.art2mus.ffi.onednn.CpuStream;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Deconvolution;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.Execution;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Window;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The time that a graph's products take at least on this machine's processor: each by its oneDNN primitive alone, with its operands in the caches and
 * in the better of two layouts, summed over the graph. All else in the graph is taken to be free. Belongs to the thread that opened it.
 */
public final class CpuFloor implements Floor {
    private static final long LONG_ENOUGH_NANOSECONDS = 40_000_000;
    private static final int FEWEST_RUNS = 5;
    private static final int MOST_RUNS = 200;
    private static final long ALIGNMENT = 64;

    private final HandleScope scope;
    private final CpuEngine engine;
    private final CpuStream stream;
    private final DataType type;
    private final Map<Product, Double> known = new HashMap<>();

    private CpuFloor(DataType type) {
        this.type = type;
        try (HandleScope opening = new HandleScope()) {
            engine = opening.own(CpuEngine.create());
            stream = opening.own(CpuStream.create(engine));
            scope = opening.release();
        }
    }

    /** A floor under calls with so many threads. */
    public static CpuFloor open(int threads, Precision precision) {
        OneDnn.setThreads(threads);
        return new CpuFloor(
                switch (precision) {
                    case F32 -> DataType.F32;
                    case BF16 -> DataType.BF16;
                    case F16 -> throw new IllegalArgumentException("the floor is the CPU's, which has no f16");
                });
    }

    /** Products of one kind and shape are measured once. */
    @Override
    public double of(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> Product.of(node.op()).stream())
                .mapToDouble(product -> known.computeIfAbsent(product, this::best))
                .sum();
    }

    /** The better of operands as they lie in this program and operands as the primitive likes them. */
    private double best(Product product) {
        return Math.min(measured(product, false), measured(product, true));
    }

    private double measured(Product product, boolean anyLayout) {
        try (HandleScope making = new HandleScope()) {
            Primitive primitive = making.own(
                    switch (product) {
                        case Product.Matrices matrices -> primitive(making, matrices, anyLayout);
                        case Product.Convolved convolved -> primitive(making, convolved, anyLayout);
                    });
            return fastest(making, primitive);
        }
    }

    private Primitive primitive(HandleScope making, Product.Matrices of, boolean anyLayout) {
        MemoryDescriptor left = making.own(descriptor(anyLayout, of.batch(), of.rows(), of.inner()));
        MemoryDescriptor right =
                making.own(descriptor(anyLayout || of.sharesRight(), of.batch(), of.inner(), of.columns()));
        MemoryDescriptor made = making.own(descriptor(anyLayout, of.batch(), of.rows(), of.columns()));
        return new Matmul(left, right, null, made, PrimitiveAttributes.PLAIN).create(engine);
    }

    private MemoryDescriptor descriptor(boolean anyLayout, long... dims) {
        return anyLayout ? MemoryDescriptor.any(type, dims) : MemoryDescriptor.plain(type, dims);
    }

    private Primitive primitive(HandleScope making, Product.Convolved of, boolean anyLayout) {
        MemoryDescriptor source = making.own(picture(of.x().extents(), anyLayout));
        MemoryDescriptor made = making.own(picture(of.result().extents(), anyLayout));
        MemoryDescriptor weights =
                making.own(MemoryDescriptor.any(type, of.weight().extents()));
        var window = nativeWindow(of.window());
        return of.transposed()
                ? new Deconvolution(source, weights, null, made, window, PrimitiveAttributes.PLAIN).create(engine)
                : new Convolution(source, weights, null, made, window, PrimitiveAttributes.PLAIN).create(engine);
    }

    /** {@code [N, H, W, C]} in oneDNN's order of dimensions. */
    private MemoryDescriptor picture(long[] extents, boolean anyLayout) {
        long[] dims = {extents[0], extents[3], extents[1], extents[2]};
        return anyLayout ? MemoryDescriptor.any(type, dims) : MemoryDescriptor.channelsLast(type, dims);
    }

    private static io.art2mus.ffi.onednn.Window nativeWindow(Window window) {
        return new io.art2mus.ffi.onednn.Window(
                List.of((long) window.strideHeight(), (long) window.strideWidth()),
                List.of((long) window.dilationHeight(), (long) window.dilationWidth()),
                List.of((long) window.top(), (long) window.left()),
                List.of((long) window.bottom(), (long) window.right()));
    }

    private double fastest(HandleScope making, Primitive primitive) {
        Arena arena = making.own(Arena.ofConfined());
        Map<Argument, DnnlMemory> arguments = new HashMap<>();
        for (Argument argument : List.of(Argument.SRC, Argument.WEIGHTS, Argument.DST)) {
            arguments.put(argument, memory(making, arena, making.own(primitive.descriptor(argument))));
        }
        long scratchpad = Math.max(1, primitive.scratchpadBytes());
        arguments.put(
                Argument.SCRATCHPAD,
                memory(making, arena, making.own(MemoryDescriptor.plain(DataType.U8, scratchpad))));
        Execution execution = making.own(Execution.prepare(primitive, arguments));
        long best = Long.MAX_VALUE;
        long spent = 0;
        for (int run = 0; run < MOST_RUNS && (run < FEWEST_RUNS || spent < LONG_ENOUGH_NANOSECONDS); run++) {
            long began = System.nanoTime();
            execution.run(stream);
            stream.await();
            long taken = System.nanoTime() - began;
            best = Math.min(best, taken);
            spent += taken;
        }
        return best / 1e9;
    }

    private DnnlMemory memory(HandleScope making, Arena arena, MemoryDescriptor descriptor) {
        return making.own(DnnlMemory.over(engine, descriptor, arena.allocate(descriptor.bytes(), ALIGNMENT)));
    }

    @Override
    public void close() {
        scope.close();
    }
}
