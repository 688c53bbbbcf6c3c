package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Gradients through operations that only move elements, and their conversion. */
final class BackwardMoves {
    private final Lowering lowering;

    BackwardMoves(Lowering lowering) {
        this.lowering = lowering;
    }

    void convert(TrainingOp.Convert op, Value result) {
        lowering.program().thenCopy(lowering.plain(op.x()), lowering.plain(result));
    }

    void pad(TrainingOp.Pad op, Value result) {
        Program program = lowering.program();
        MemorySegment padded = lowering.data(result);
        program.thenOnHost(() -> padded.fill((byte) 0));
        long[] strides =
                result.shape().strides().stream().mapToLong(Long::longValue).toArray();
        MemoryDescriptor inside =
                program.layouts().strided(lowering.precision(), op.x().shape().extents(), strides);
        long offset = op.before() * strides[op.axis()] * lowering.precision().bytes();
        program.thenCopy(lowering.plain(op.x()), program.operand(inside, padded.asSlice(offset)));
    }

    /** A row of channels at a time. */
    void upsampleNearest(TrainingOp.UpsampleNearestGradient op, Value result) {
        Shape large = op.gradient().shape();
        Shape small = result.shape();
        FloatRows gradients = new FloatRows(lowering.data(op.gradient()), lowering.precision());
        FloatRows sums = new FloatRows(lowering.data(result), lowering.precision());
        float[] sum = new float[Math.toIntExact(small.last())];
        float[] row = new float[sum.length];
        lowering.program().thenOnHost(() -> {
            for (long picture = 0; picture < small.extent(0); picture++) {
                for (long y = 0; y < small.extent(1); y++) {
                    for (long x = 0; x < small.extent(2); x++) {
                        Arrays.fill(sum, 0);
                        for (long down = 2 * y; down < Math.min(2 * y + 2, large.extent(1)); down++) {
                            for (long across = 2 * x; across < Math.min(2 * x + 2, large.extent(2)); across++) {
                                gradients.read(
                                        ((picture * large.extent(1) + down) * large.extent(2) + across) * row.length,
                                        row);
                                add(row, sum);
                            }
                        }
                        sums.write(((picture * small.extent(1) + y) * small.extent(2) + x) * row.length, sum);
                    }
                }
            }
        });
    }

    private static void add(float[] row, float[] sum) {
        for (int i = 0; i < row.length; i++) {
            sum[i] += row[i];
        }
    }

    /** Summed in float64, element by element: biases have few. */
    void sumTo(TrainingOp.SumTo op, Value result) {
        FloatRows elements = new FloatRows(lowering.data(op.x()), lowering.type(op.x()));
        MemorySegment sums = lowering.data(result);
        Shape large = op.x().shape();
        Shape small = op.shape();
        double[] sum = new double[Math.toIntExact(small.elements())];
        float[] row = new float[Math.toIntExact(large.last())];
        lowering.program().thenOnHost(() -> {
            Arrays.fill(sum, 0);
            for (long first = 0; first < large.elements(); first += row.length) {
                elements.read(first, row);
                int start = beside(first, large, small);
                for (int i = 0; i < row.length; i++) {
                    sum[start + (small.last() == 1 ? 0 : i)] += row[i];
                }
            }
            for (int i = 0; i < sum.length; i++) {
                sums.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) sum[i]);
            }
        });
    }

    /** The element of the small shape that stands beside an element of the large one, which begins a row. */
    private static int beside(long element, Shape large, Shape small) {
        long rest = element / large.last();
        long stride = small.last();
        long place = 0;
        for (int axis = large.rank() - 2; axis >= 0; axis--) {
            place += rest % large.extent(axis) % small.extent(axis) * stride;
            rest /= large.extent(axis);
            stride *= small.extent(axis);
        }
        return Math.toIntExact(place);
    }
}
