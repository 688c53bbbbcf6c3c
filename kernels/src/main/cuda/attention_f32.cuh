// What attention's kernels in float32 share, forward and backward: tiles of 32 rows in shared memory, and products of 32 rows with 32 others by 128
// threads. These make 16 pairs of rows by 8: a thread has 2 × 4 products, and sums of its two rows in columns 8 apart. The 8 are of one
// warp. Rows in shared memory are one float longer than WIDTH, so that the 8 others of a product lie in different banks.
#pragma once

#include "attention.cuh"

constexpr int TILE = 32;
constexpr int COLUMNS = 8;  // threads that share a pair of rows

// Floats of a row of weights.
constexpr int WEIGHTS = TILE + 1;

template <int WIDTH>
__device__ __forceinline__ void copy_rows(float* to, Rows<const float> from, int valid, int width) {
    for (int i = threadIdx.x; i < TILE * WIDTH; i += blockDim.x) {
        const int r = i / WIDTH, c = i % WIDTH;
        to[r * (WIDTH + 1) + c] = r < valid && c < width ? from.at[r * from.row + c] : 0.0f;
    }
}

// The sum or maximum over the 8 neighbours that share a pair of rows.
__device__ __forceinline__ float over_columns(float x, bool maximum) {
#pragma unroll
    for (int distance = COLUMNS / 2; distance > 0; distance /= 2) {
        const float other = __shfl_xor_sync(WHOLE_WARP, x, distance);
        x = maximum ? fmaxf(x, other) : x + other;
    }
    return x;
}

// Of this thread's two rows with others n · 8 + column.
template <int WIDTH>
__device__ __forceinline__ void multiply(float (&product)[2][TILE / COLUMNS], const float* rows, const float* others) {
    constexpr int STRIDE = WIDTH + 1;
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2;
#pragma unroll
    for (int n = 0; n < TILE / COLUMNS; n++) {
        product[0][n] = product[1][n] = 0.0f;
    }
#pragma unroll 4
    for (int c = 0; c < WIDTH; c++) {
        const float a = rows[row * STRIDE + c], b = rows[(row + 1) * STRIDE + c];
#pragma unroll
        for (int n = 0; n < TILE / COLUMNS; n++) {
            const float other = others[(n * COLUMNS + column) * STRIDE + c];
            product[0][n] = fmaf(a, other, product[0][n]);
            product[1][n] = fmaf(b, other, product[1][n]);
        }
    }
}

// Adds the others, each as often as weight [TILE, WEIGHTS] says, to this thread's columns of its two rows.
template <int WIDTH>
__device__ __forceinline__ void accumulate(float (&sum)[2][WIDTH / COLUMNS], const float* weight, const float* others) {
    constexpr int STRIDE = WIDTH + 1;
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2;
    for (int n = 0; n < TILE; n++) {
        const float a = weight[row * WEIGHTS + n], b = weight[(row + 1) * WEIGHTS + n];
#pragma unroll
        for (int c = 0; c < WIDTH / COLUMNS; c++) {
            const float other = others[n * STRIDE + c * COLUMNS + column];
            sum[0][c] = fmaf(a, other, sum[0][c]);
            sum[1][c] = fmaf(b, other, sum[1][c]);
        }
    }
}
