package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.ThreadTeam;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions with fewer multiplications: a picture is brought to a few points by {@link ToomCook}, convolved at each of them by
 * oneDNN, and brought back. Half of the multiplications of three taps are left, and of seven and eleven too. Along one axis only, so
 * that float32 keeps 20 of its 24 bits, and an operation's error in bfloat16 is two to four times a direct convolution's.
 */
final class WinogradConvolutions {
    /** What a block of tiles takes at all points, before and after the convolution: it stays in the caches on its way. */
    private static final long BLOCK_BYTES = 4 << 20;

    private final Room transformed;
    private final Room products;

    /** Takes {@code rooms} for what is needed during one convolution only. */
    WinogradConvolutions(Supplier<Room> rooms) {
        transformed = rooms.get();
        products = rooms.get();
    }

    /**
     * What is read and written.
     *
     * @param x in the plan's precision
     * @param bias float32, one number a channel, or null
     * @param result in the plan's precision
     */
    record Data(MemorySegment x, @Nullable MemorySegment bias, MemorySegment result) {}

    /** Gives the kernel at a point in the layout that a primitive chose. */
    @FunctionalInterface
    interface Packing {
        Operand pack(WinogradKernel kernel, MemoryDescriptor wanted);
    }

    /** @param op must {@link WinogradGrid#fits fit} */
    void lower(Op.Conv2d op, Data data, Packing packing, Target target, Program program) {
        WinogradGrid grid = WinogradGrid.of(op, target.precision());
        int points = grid.tiles().points();
        long atOnce = tilesAtOnce(grid);
        MemorySegment inputs = transformed.of(points * grid.transformedBytes(atOnce));
        MemorySegment outputs = products.of(points * grid.productBytes(atOnce));
        ThreadTeam threads = target.threads();
        WinogradTransforms transforms = new WinogradTransforms(grid, data, inputs, outputs, threads.count());
        Map<Long, List<Runnable>> prepared = new HashMap<>();
        for (long picture = 0; picture < grid.pictures(); picture++) {
            for (long first = 0; first < grid.outputTiles(); first += atOnce) {
                long count = Math.min(atOnce, grid.outputTiles() - first);
                WinogradTransforms.Block block = new WinogradTransforms.Block(picture, first, count);
                ThreadTeam.Work forward = (part, parts) -> transforms.forward(block, part, parts);
                ThreadTeam.Work backward = (part, parts) -> transforms.backward(block, part, parts);
                program.thenOnHost(() -> threads.run(forward));
                prepared.computeIfAbsent(count, tiles -> convolutions(grid, tiles, inputs, outputs, packing, program))
                        .forEach(Runnable::run);
                program.thenOnHost(() -> threads.run(backward));
            }
        }
    }

    /** What appends the convolutions of so many tiles at all points, each with its own kernel. */
    private static List<Runnable> convolutions(
            WinogradGrid grid,
            long tiles,
            MemorySegment inputs,
            MemorySegment outputs,
            Packing packing,
            Program program) {
        MemoryDescriptor src = picture(grid.transformed(tiles), grid.precision(), program.layouts());
        MemoryDescriptor dst = picture(grid.products(tiles), DataType.F32, program.layouts());
        Primitive convolution = program.primitive(new Convolution(
                src,
                program.layouts().any(grid.precision(), grid.kernelAtPoint().extents()),
                null,
                dst,
                grid.window(),
                PrimitiveAttributes.PLAIN));
        MemoryDescriptor wanted = convolution.descriptor(Argument.WEIGHTS);
        List<Runnable> appending = new ArrayList<>();
        for (int point = 0; point < grid.tiles().points(); point++) {
            Operand x = program.operand(src, atPoint(inputs, point, grid.transformedBytes(tiles)));
            Operand y = program.operand(dst, atPoint(outputs, point, grid.productBytes(tiles)));
            Operand kernel = packing.pack(new WinogradKernel(grid.tiles(), point, grid.across()), wanted);
            Map<Argument, Operand> arguments = Map.of(Argument.SRC, x, Argument.WEIGHTS, kernel, Argument.DST, y);
            appending.add(() -> program.then(convolution, arguments));
        }
        return appending;
    }

    private static MemorySegment atPoint(MemorySegment all, int point, long bytes) {
        return all.asSlice(point * bytes, bytes);
    }

    /** One at least; large kernels, which are read once a block, want more. */
    private static long tilesAtOnce(WinogradGrid grid) {
        long one = grid.tiles().points() * (grid.transformedBytes(1) + grid.productBytes(1));
        long block = Math.max(BLOCK_BYTES, grid.kernelBytes() / 2);
        return Math.clamp(block / one, 1, grid.outputTiles());
    }

    private static MemoryDescriptor picture(Shape shape, DataType type, Layouts layouts) {
        return layouts.channelsLast(type, shape.extent(0), shape.last(), shape.extent(1), shape.extent(2));
    }
}
