package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** One row of a table, whose number lies in device memory; {@code select_row.cu}. */
public final class SelectRowKernel {
    private static final int THREADS = 256;

    private SelectRowKernel() {}

    /**
     * {@code y [rowElements]} is row {@code *position} of the table; a position outside it takes the nearest row.
     *
     * @param table {@code [rows, rowElements]}
     * @param position address of an int32
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            int rows,
            long rowElements,
            long table,
            long position,
            long y) {
        Extents.requireAddress(table, elements, "table");
        Extents.requireAddress(position, Elements.F32, "position");
        Extents.requireAddress(y, elements, "y");
        Extents.requirePositive(rows, "rows");
        int piece = Extents.aligned(table, y) && rowElements % elements.widest() == 0 ? elements.widest() : 1;
        return Launch.of(
                kernels,
                arena,
                "select_row",
                String.valueOf(piece * elements.bytes()),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, rowElements / piece, THREADS), THREADS),
                table,
                position,
                y,
                rows,
                rowElements / piece);
    }
}
