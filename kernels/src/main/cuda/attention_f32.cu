// The attention of attention.cu in float32, multiplied and added as it is: what the faster kernels are checked against.
//
// Operands and parameters as there (flags that say nothing here have no name). A block has 32 queries of one head and goes through the keys 32 at
// a time. WIDTH is the head's width rounded up to 32, 64 or 128 (zeros beyond).
// Dynamic shared memory: at most 53760 bytes, for WIDTH 128.
#include "attention_f32.cuh"

template <int WIDTH>
__device__ __forceinline__ void attend(float* shared, Rows<const float> q, Rows<const float> k, Rows<const float> v,
                                       const float* bias, long bias_row, float* o, long output_row, float* log_sum_exp, int first,
                                       int queries, int keys, int width, float scale, bool causal) {
    constexpr int STRIDE = WIDTH + 1;
    float* query = shared;
    float* key = query + TILE * STRIDE;
    float* value = key + TILE * STRIDE;
    float* weight = value + TILE * STRIDE;  // [TILE, WEIGHTS]
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2;
    const int before = keys - queries;
    const int seen = causal ? min(keys, first + TILE + before) : keys;
    float sum[2][WIDTH / COLUMNS] = {};
    float maximum[2] = {NEGATIVE_INFINITY, NEGATIVE_INFINITY}, total[2] = {};

    copy_rows<WIDTH>(query, q, queries - first, width);
    for (int tile = 0; tile < seen; tile += TILE) {
        __syncthreads();
        copy_rows<WIDTH>(key, k.from(tile), keys - tile, width);
        copy_rows<WIDTH>(value, v.from(tile), keys - tile, width);
        __syncthreads();
        float score[2][TILE / COLUMNS];
        multiply<WIDTH>(score, query, key);
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
                weight[(row + half) * WEIGHTS + n * COLUMNS + column] = e;
            }
            total[half] = total[half] * shrink + tile_total;
#pragma unroll
            for (int c = 0; c < WIDTH / COLUMNS; c++) {
                sum[half][c] *= shrink;
            }
        }
        // A row's weights come from the 8 threads that use them, all of one warp.
        __syncwarp(WHOLE_WARP);
        accumulate<WIDTH>(sum, weight, value);
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
