// What attention's kernels share, forward and backward.
#pragma once

#include "elements.cuh"

constexpr float LOG2_E = 1.44269504088896341f;

// Rows of one head of one image.
template <typename T>
struct Rows {
    T* at;
    long row;  // elements from one to the next

    __device__ __forceinline__ Rows from(long first) const { return {at + first * row, row}; }
};

// The rows of this block's head and image; every row has the columns of all heads.
template <typename T>
__device__ __forceinline__ Rows<T> rows_of_block(T* at, long batch, long row, int width) {
    return {at + blockIdx.z * batch + blockIdx.y * width, row};
}

// Which scores softmax takes, and what is added to them: bias [N|1, L|1, S], float32 or like the operands. Causal: query i sees keys
// 0 … S − L + i.
template <typename T>
struct Mask {
    const void* bias;  // or null
    long bias_at, bias_row;
    int queries, keys;
    float scale, bias_scale;
    bool causal, bias_is_float;

    // Whether it does more than scale, for queries from `query` on and keys before `end`.
    __device__ __forceinline__ bool matters(int query, int end) const {
        return bias != nullptr || end > keys || (causal && end > query + keys - queries + 1);
    }

    __device__ __forceinline__ float of(float score, int query, int key) const {
        // Rows of a tile beyond the last query: what comes of them is not used, but a bias has none for them.
        query = min(query, queries - 1);
        if (key >= keys || (causal && key > query + keys - queries)) {
            return NEGATIVE_INFINITY;
        }
        score *= scale;
        if (bias == nullptr) {
            return score;
        }
        const long at = bias_at + query * bias_row + key;
        const float added = bias_is_float ? static_cast<const float*>(bias)[at] : to_float(static_cast<const T*>(bias)[at]);
        return fmaf(added, bias_scale, score);
    }
};

// ---- operands of tensor cores: 16-bit rows in shared memory, 16 bytes longer than WIDTH, which puts the eight that ldmatrix reads at once
// into different banks (their stride is an odd number of 16 bytes) ----

// Begins to copy `rows` rows of which `valid` are there, the others zeros. Visible after copy_async_wait and a barrier.
template <typename T, int WIDTH>
__device__ __forceinline__ void copy_rows(T* to, const T* from, long row, int rows, int valid, int width, bool aligned) {
    constexpr int STRIDE = WIDTH + 8;
    if (aligned) {
        constexpr int CHUNKS = WIDTH / 8;
        for (int i = threadIdx.x; i < rows * CHUNKS; i += blockDim.x) {
            const int r = i / CHUNKS, c = i % CHUNKS * 8;
            const bool there = r < valid && c < width;
            copy_async_16(to + r * STRIDE + c, there ? from + r * row + c : from, there);
        }
    } else {
        for (int i = threadIdx.x; i < rows * WIDTH; i += blockDim.x) {
            const int r = i / WIDTH, c = i % WIDTH;
            to[r * STRIDE + c] = r < valid && c < width ? from[r * row + c] : T{0};
        }
    }
}
