// y [count] = row *position of a table [rows, count]. The position lies in device memory, so that one launch serves every step of a loop. A
// position outside the table takes the nearest row: a kernel has no other way to refuse.
#include "elements.cuh"

template <typename Piece>
__device__ __forceinline__ void select_row(const Piece* table, const int* position, Piece* y, int rows, long count) {
    const long row = max(0, min(*position, rows - 1));
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        y[i] = table[row * count + i];
    }
}

#define SELECT_ROW(BYTES, PIECE)                                                                                                \
    extern "C" __global__ void __launch_bounds__(256, 4) select_row_##BYTES(                                                    \
        const PIECE* __restrict__ table, const int* __restrict__ position, PIECE* __restrict__ y, int rows, long count) {       \
        select_row<PIECE>(table, position, y, rows, count);                                                                     \
    }
SELECT_ROW(2, unsigned short)
SELECT_ROW(4, unsigned)
SELECT_ROW(16, uint4)
