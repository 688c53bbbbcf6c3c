// The attention of attention.cu in float32, multiplied and added as it is: what the faster kernels are checked against.
//
// Operands and parameters as there (flags that say nothing here have no name). A block has 32 queries of one head and goes through the keys 32 at a time; its 128 threads make 16 pairs of queries by
// 8: a thread has 2 × 4 scores, and after the softmax 2 × WIDTH / 8 sums, columns 8 apart. WIDTH is the head's width rounded up to 32, 64
// or 128 (zeros beyond). Rows in shared memory are one float longer than WIDTH, so that the 8 keys of a score lie in different banks.
// Dynamic shared memory: at most 53760 bytes, for WIDTH 128.
#include "elements.cuh"

constexpr int TILE = 32;
constexpr int COLUMNS = 8;  // threads that share a pair of queries

struct Operand {
    const float* at;
    long row;
};

template <int WIDTH>
__device__ __forceinline__ void copy_rows(float* to, Operand from, int valid, int width) {
    for (int i = threadIdx.x; i < TILE * WIDTH; i += blockDim.x) {
        const int r = i / WIDTH, c = i % WIDTH;
        to[r * (WIDTH + 1) + c] = r < valid && c < width ? from.at[r * from.row + c] : 0.0f;
    }
}

// The sum or maximum over the 8 neighbours that share a pair of queries.
__device__ __forceinline__ float over_columns(float x, bool maximum) {
#pragma unroll
    for (int distance = COLUMNS / 2; distance > 0; distance /= 2) {
        const float other = __shfl_xor_sync(WHOLE_WARP, x, distance);
        x = maximum ? fmaxf(x, other) : x + other;
    }
    return x;
}

template <int WIDTH>
__device__ __forceinline__ void attend(float* shared, Operand q, Operand k, Operand v, const float* bias, long bias_row, float* o,
                                       long output_row, float* log_sum_exp, int first, int queries, int keys, int width, float scale,
                                       bool causal) {
    constexpr int STRIDE = WIDTH + 1;
    float* query = shared;
    float* key = query + TILE * STRIDE;
    float* value = key + TILE * STRIDE;
    float* weight = value + TILE * STRIDE;  // [TILE, TILE + 1]
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2;
    const int before = keys - queries;
    const int seen = causal ? min(keys, first + TILE + before) : keys;
    float sum[2][WIDTH / COLUMNS] = {};
    float maximum[2] = {NEGATIVE_INFINITY, NEGATIVE_INFINITY}, total[2] = {};

    copy_rows<WIDTH>(query, q, queries - first, width);
    for (int tile = 0; tile < seen; tile += TILE) {
        __syncthreads();
        copy_rows<WIDTH>(key, {k.at + tile * k.row, k.row}, keys - tile, width);
        copy_rows<WIDTH>(value, {v.at + tile * v.row, v.row}, keys - tile, width);
        __syncthreads();
        float score[2][TILE / COLUMNS] = {};
#pragma unroll 4
        for (int c = 0; c < WIDTH; c++) {
            const float a = query[row * STRIDE + c], b = query[(row + 1) * STRIDE + c];
#pragma unroll
            for (int n = 0; n < TILE / COLUMNS; n++) {
                const float other = key[(n * COLUMNS + column) * STRIDE + c];
                score[0][n] = fmaf(a, other, score[0][n]);
                score[1][n] = fmaf(b, other, score[1][n]);
            }
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int at = min(first + row + half, queries - 1);
            float highest = maximum[half];
#pragma unroll
            for (int n = 0; n < TILE / COLUMNS; n++) {
                const int from = tile + n * COLUMNS + column;
                if (from >= keys || (causal && from > at + before)) {
                    score[half][n] = NEGATIVE_INFINITY;
                } else {
                    score[half][n] = score[half][n] * scale + (bias == nullptr ? 0.0f : bias[at * bias_row + from]);
                }
                highest = fmaxf(highest, score[half][n]);
            }
            highest = over_columns(highest, true);
            const float finite = highest == NEGATIVE_INFINITY ? 0.0f : highest;
            const float shrink = expf(maximum[half] - finite);
            maximum[half] = highest;
            float tile_total = 0.0f;
#pragma unroll
            for (int n = 0; n < TILE / COLUMNS; n++) {
                const float e = expf(score[half][n] - finite);
                tile_total += e;
                weight[(row + half) * (TILE + 1) + n * COLUMNS + column] = e;
            }
            total[half] = total[half] * shrink + tile_total;
#pragma unroll
            for (int c = 0; c < WIDTH / COLUMNS; c++) {
                sum[half][c] *= shrink;
            }
        }
        // A row's weights come from the 8 threads that use them, all of one warp.
        __syncwarp(WHOLE_WARP);
        for (int n = 0; n < TILE; n++) {
            const float a = weight[row * (TILE + 1) + n], b = weight[(row + 1) * (TILE + 1) + n];
#pragma unroll
            for (int c = 0; c < WIDTH / COLUMNS; c++) {
                const float other = value[n * STRIDE + c * COLUMNS + column];
                sum[0][c] = fmaf(a, other, sum[0][c]);
                sum[1][c] = fmaf(b, other, sum[1][c]);
            }
        }
    }
    for (int half = 0; half < 2; half++) {
        const float whole = over_columns(total[half], false);
        if (first + row + half < queries) {
            const float inverse = whole > 0.0f ? 1.0f / whole : 0.0f;
#pragma unroll
            for (int c = 0; c < WIDTH / COLUMNS; c++) {
                if (c * COLUMNS + column < width) {
                    o[(row + half) * output_row + c * COLUMNS + column] = sum[half][c] * inverse;
                }
            }
            if (log_sum_exp != nullptr && column == 0) {
                log_sum_exp[row + half] = maximum[half] + logf(whole);
            }
        }
    }
}

#define ATTENTION(WIDTH)                                                                                                        \
    extern "C" __global__ void __launch_bounds__(128, 4) attention_f32_##WIDTH(                                                 \
        const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, const float* __restrict__ bias,  \
        float* o, float* log_sum_exp, int heads, int queries, int keys, int width, float scale, int causal, int, int,           \
        long query_batch, long query_row, long key_batch, long key_row, long value_batch, long value_row, long output_batch,    \
        long output_row, long bias_batch, long bias_row) {                                                                      \
        DYNAMIC_SHARED(shared);                                                                                                 \
        const int first = blockIdx.x * TILE, head = blockIdx.y, image = blockIdx.z;                                             \
        attend<WIDTH>(reinterpret_cast<float*>(shared),                                                                         \
                      {q + image * query_batch + first * query_row + head * width, query_row},                                  \
                      {k + image * key_batch + head * width, key_row}, {v + image * value_batch + head * width, value_row},     \
                      bias == nullptr ? nullptr : bias + image * bias_batch, bias_row,                                          \
                      o + image * output_batch + first * output_row + head * width, output_row,                                 \
                      log_sum_exp == nullptr ? nullptr : log_sum_exp + ((long)image * heads + head) * queries + first, first,   \
                      queries, keys, width, scale, causal != 0);                                                                \
    }
ATTENTION(32)
ATTENTION(64)
ATTENTION(128)
