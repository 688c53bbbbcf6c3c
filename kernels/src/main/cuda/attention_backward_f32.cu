// The gradients of attention_backward.cu in float32, multiplied and added as it is: what the faster kernels are checked against.
//
// Operands, parameters and both ways through keys and queries as there, where logarithms are natural. A block has 32 rows of one head, and goes
// through the others 32 at a time. WIDTH is the head's width rounded up to 32, 64 or 128 (zeros beyond).
// Dynamic shared memory: at most 74496 bytes, for WIDTH 128.
#include "attention_f32.cuh"

constexpr int THREADS = 128;

struct Operands {
    Rows<const float> query, key, value, gradient;
    Mask<float> mask;
    int width;
};

template <int WIDTH>
__device__ __forceinline__ void store(Rows<float> to, const float (&sum)[2][WIDTH / COLUMNS], float factor, int valid, int width) {
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2;
    for (int half = 0; half < 2; half++) {
#pragma unroll
        for (int c = 0; c < WIDTH / COLUMNS; c++) {
            if (row + half < valid && c * COLUMNS + column < width) {
                to.at[(row + half) * to.row + c * COLUMNS + column] = sum[half][c] * factor;
            }
        }
    }
}

template <int WIDTH>
__device__ __forceinline__ void to_queries(float* shared, const Operands& of, Rows<float> query_gradient, float2* statistics) {
    constexpr int STRIDE = WIDTH + 1;
    float* query = shared;
    float* gradient = query + TILE * STRIDE;
    float* key = gradient + TILE * STRIDE;
    float* value = key + TILE * STRIDE;
    float* weight = value + TILE * STRIDE;  // [TILE, WEIGHTS]
    const int queries = of.mask.queries, keys = of.mask.keys;
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2, first = blockIdx.x * TILE;
    const int seen = of.mask.causal ? min(keys, first + TILE + keys - queries) : keys;
    float maximum[2] = {NEGATIVE_INFINITY, NEGATIVE_INFINITY}, total[2] = {}, weighted[2] = {};
    float sum[2][WIDTH / COLUMNS] = {};

    copy_rows<WIDTH>(query, of.query.from(first), queries - first, of.width);
    copy_rows<WIDTH>(gradient, of.gradient.from(first), queries - first, of.width);
    for (int pass = 0; pass < 2; pass++) {
        for (int tile = 0; tile < seen; tile += TILE) {
            __syncthreads();
            copy_rows<WIDTH>(key, of.key.from(tile), keys - tile, of.width);
            copy_rows<WIDTH>(value, of.value.from(tile), keys - tile, of.width);
            __syncthreads();
            float score[2][TILE / COLUMNS], back[2][TILE / COLUMNS];
            multiply<WIDTH>(score, query, key);
            multiply<WIDTH>(back, gradient, value);
#pragma unroll
            for (int half = 0; half < 2; half++) {
                float highest = maximum[half];
#pragma unroll
                for (int n = 0; n < TILE / COLUMNS; n++) {
                    score[half][n] = of.mask.of(score[half][n], first + row + half, tile + n * COLUMNS + column);
                    highest = fmaxf(highest, score[half][n]);
                }
                if (pass == 1) {
#pragma unroll
                    for (int n = 0; n < TILE / COLUMNS; n++) {
                        weight[(row + half) * WEIGHTS + n * COLUMNS + column] =
                            expf(score[half][n] - total[half]) * (back[half][n] - weighted[half]);
                    }
                    continue;
                }
                highest = over_columns(highest, true);
                const float finite = highest == NEGATIVE_INFINITY ? 0.0f : highest;
                const float shrink = expf(maximum[half] - finite);
                maximum[half] = highest;
                total[half] *= shrink;
                weighted[half] *= shrink;
#pragma unroll
                for (int n = 0; n < TILE / COLUMNS; n++) {
                    const float e = expf(score[half][n] - finite);
                    total[half] += e;
                    weighted[half] = fmaf(e, back[half][n], weighted[half]);
                }
            }
            if (pass == 1) {
                // A row's weights come from the 8 threads that use them, all of one warp.
                __syncwarp(WHOLE_WARP);
                accumulate<WIDTH>(sum, weight, key);
            }
        }
        if (pass == 0) {
            for (int half = 0; half < 2; half++) {
                const float whole = over_columns(total[half], false), products = over_columns(weighted[half], false);
                total[half] = whole > 0.0f ? maximum[half] + logf(whole) : 0.0f;
                weighted[half] = whole > 0.0f ? products / whole : 0.0f;
            }
        }
    }
    store<WIDTH>(query_gradient.from(first), sum, of.mask.scale, queries - first, of.width);
    if (column == 0) {
        statistics += ((long)blockIdx.z * gridDim.y + blockIdx.y) * queries;
        for (int half = 0; half < 2; half++) {
            if (first + row + half < queries) {
                statistics[first + row + half] = make_float2(total[half], weighted[half]);
            }
        }
    }
}

template <int WIDTH>
__device__ __forceinline__ void to_keys(float* shared, const Operands& of, Rows<float> key_gradient, Rows<float> value_gradient,
                                        const float2* statistics, float* partial, int splits) {
    constexpr int STRIDE = WIDTH + 1;
    float* key = shared;
    float* value = key + TILE * STRIDE;
    float* query = value + TILE * STRIDE;
    float* gradient = query + TILE * STRIDE;
    float* weight = gradient + TILE * STRIDE;      // [TILE, WEIGHTS]
    float* slope = weight + TILE * WEIGHTS;        // the same
    const int queries = of.mask.queries, keys = of.mask.keys;
    const int column = threadIdx.x % COLUMNS, row = threadIdx.x / COLUMNS * 2;
    const int split = blockIdx.x % splits, first = blockIdx.x / splits * TILE;
    const int count = (queries + TILE - 1) / TILE, part = (count + splits - 1) / splits;
    const int end = min(queries, (split + 1) * part * TILE);
    statistics += ((long)blockIdx.z * gridDim.y + blockIdx.y) * queries;
    float key_sum[2][WIDTH / COLUMNS] = {}, value_sum[2][WIDTH / COLUMNS] = {};

    copy_rows<WIDTH>(key, of.key.from(first), keys - first, of.width);
    copy_rows<WIDTH>(value, of.value.from(first), keys - first, of.width);
    for (int tile = split * part * TILE; tile < end; tile += TILE) {
        __syncthreads();
        copy_rows<WIDTH>(query, of.query.from(tile), queries - tile, of.width);
        copy_rows<WIDTH>(gradient, of.gradient.from(tile), queries - tile, of.width);
        __syncthreads();
        float score[2][TILE / COLUMNS], back[2][TILE / COLUMNS];
        multiply<WIDTH>(score, key, query);
        multiply<WIDTH>(back, value, gradient);
#pragma unroll
        for (int half = 0; half < 2; half++) {
#pragma unroll
            for (int n = 0; n < TILE / COLUMNS; n++) {
                const int at = tile + n * COLUMNS + column, to = (row + half) * WEIGHTS + n * COLUMNS + column;
                const float2 known = statistics[min(at, queries - 1)];
                const float p = at < queries ? expf(of.mask.of(score[half][n], at, first + row + half) - known.x) : 0.0f;
                weight[to] = p;
                slope[to] = p * (back[half][n] - known.y);
            }
        }
        // A row's weights come from the 8 threads that use them, all of one warp.
        __syncwarp(WHOLE_WARP);
        accumulate<WIDTH>(value_sum, weight, gradient);
        accumulate<WIDTH>(key_sum, slope, query);
    }
    if (splits == 1) {
        store<WIDTH>(key_gradient.from(first), key_sum, of.mask.scale, keys - first, of.width);
        store<WIDTH>(value_gradient.from(first), value_sum, 1.0f, keys - first, of.width);
    } else {
        const long each = (long)gridDim.z * gridDim.y * keys * of.width;
        partial += split * 2 * each + (((long)blockIdx.z * gridDim.y + blockIdx.y) * keys + first) * of.width;
        store<WIDTH>({partial, of.width}, key_sum, of.mask.scale, keys - first, of.width);
        store<WIDTH>({partial + each, of.width}, value_sum, 1.0f, keys - first, of.width);
    }
}

#define OPERANDS                                                                                                                \
    const float *__restrict__ q, const float *__restrict__ k, const float *__restrict__ v, const float *__restrict__ gradient,  \
        const void *__restrict__ bias, int queries, int keys, int width, float scale, int causal, int, int, long query_batch,   \
        long query_row, long key_batch, long key_row, long value_batch, long value_row, long gradient_batch, long gradient_row, \
        long bias_batch, long bias_row
#define OPERANDS_OF_BLOCK                                                                                                       \
    {rows_of_block(q, query_batch, query_row, width),                                                                           \
     rows_of_block(k, key_batch, key_row, width),                                                                               \
     rows_of_block(v, value_batch, value_row, width),                                                                           \
     rows_of_block(gradient, gradient_batch, gradient_row, width),                                                              \
     {bias, blockIdx.z * bias_batch, bias_row, queries, keys, scale, 1.0f, causal != 0, true},                                  \
     width}

#define BACKWARD(WIDTH)                                                                                                         \
    extern "C" __global__ void __launch_bounds__(THREADS, 3) attention_backward_f32_queries_##WIDTH(                            \
        OPERANDS, float* dq, long dq_batch, long dq_row, float2* __restrict__ statistics) {                                     \
        DYNAMIC_SHARED(shared);                                                                                                 \
        to_queries<WIDTH>(reinterpret_cast<float*>(shared), OPERANDS_OF_BLOCK, rows_of_block(dq, dq_batch, dq_row, width),      \
                          statistics);                                                                                          \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(THREADS, 3) attention_backward_f32_keys_##WIDTH(                               \
        OPERANDS, float* dk, long dk_batch, long dk_row, float* dv, long dv_batch, long dv_row,                                 \
        const float2* __restrict__ statistics, float* __restrict__ partial, int splits) {                                       \
        DYNAMIC_SHARED(shared);                                                                                                 \
        to_keys<WIDTH>(reinterpret_cast<float*>(shared), OPERANDS_OF_BLOCK, rows_of_block(dk, dk_batch, dk_row, width),         \
                       rows_of_block(dv, dv_batch, dv_row, width), statistics, partial, splits);                                \
    }
BACKWARD(32)
BACKWARD(64)
BACKWARD(128)
