// The attention of attention.cu for very few queries, such as GPT-2's one: a block a query and head, the keys spread over its threads.
//
// Operands as there, in every storage type. Tensor cores would have 15 of their 16 rows idle, and one warp would go through all keys
// alone. 128 threads: first each takes whole keys (its scores stay in shared memory, keys floats), then columns of the values, in
// 128 / COLUMNS slices of the keys, where COLUMNS is the head's width rounded up to a power of two of at least 32; the slices' sums are
// added in order.
// Dynamic shared memory: at most 16384 bytes, for 4096 keys.
#include "attention.cuh"

constexpr float LN_2 = 0.69314718055994531f;
constexpr int THREADS = 128;

template <typename T>
__device__ __forceinline__ void attend(float* score, const T* q, const T* k, long key_row, const T* v, long value_row,
                                       const void* bias, bool bias_is_float, T* o, float* log_sum_exp, int seen, int width,
                                       float scale, bool aligned) {
    __shared__ float query[THREADS];
    __shared__ float parts[WARP];
    __shared__ float slices[THREADS];
    constexpr int STEP = WIDEST<T>;
    query[threadIdx.x] = (int)threadIdx.x < width ? to_float(q[threadIdx.x]) * scale * LOG2_E : 0.0f;
    __syncthreads();
    float highest = NEGATIVE_INFINITY;
    for (int key = threadIdx.x; key < seen; key += THREADS) {
        const T* row = k + key * key_row;
        float product = 0.0f;
        if (aligned) {
            for (int c = 0; c < width; c += STEP) {
                float values[STEP];
                Vector<T, STEP>::load(values, row + c);
#pragma unroll
                for (int i = 0; i < STEP; i++) {
                    product = fmaf(query[c + i], values[i], product);
                }
            }
        } else {
            for (int c = 0; c < width; c++) {
                product = fmaf(query[c], to_float(row[c]), product);
            }
        }
        if (bias != nullptr) {
            const float added = bias_is_float ? static_cast<const float*>(bias)[key] : to_float(static_cast<const T*>(bias)[key]);
            product = fmaf(added, LOG2_E, product);
        }
        score[key] = product;
        highest = fmaxf(highest, product);
    }
    highest = block_max(highest, parts);
    const float finite = highest == NEGATIVE_INFINITY ? 0.0f : highest;
    float total = 0.0f;
    for (int key = threadIdx.x; key < seen; key += THREADS) {
        score[key] = exp2f(score[key] - finite);
        total += score[key];
    }
    // Ends with a barrier behind which all scores are there.
    total = block_sum(total, parts);

    const int columns = width <= 32 ? 32 : width <= 64 ? 64 : 128;
    const int column = threadIdx.x % columns;
    float sum = 0.0f;
    if (column < width) {
        for (int key = threadIdx.x / columns; key < seen; key += THREADS / columns) {
            sum = fmaf(score[key], to_float(v[key * value_row + column]), sum);
        }
    }
    slices[threadIdx.x] = sum;
    __syncthreads();
    if ((int)threadIdx.x < width) {
        for (int slice = 1; slice < THREADS / columns; slice++) {
            sum += slices[slice * columns + column];
        }
        o[column] = from_float<T>(total > 0.0f ? sum / total : 0.0f);
    }
    if (log_sum_exp != nullptr && threadIdx.x == 0) {
        *log_sum_exp = (highest + log2f(total)) * LN_2;
    }
}

#define ATTENTION(SUFFIX, T)                                                                                                    \
    extern "C" __global__ void __launch_bounds__(THREADS, 8) attention_few_##SUFFIX(                                            \
        const T* __restrict__ q, const T* __restrict__ k, const T* __restrict__ v, const void* __restrict__ bias, T* o,         \
        float* log_sum_exp, int heads, int queries, int keys, int width, float scale, int causal, int bias_is_float,            \
        int aligned, long query_batch, long query_row, long key_batch, long key_row, long value_batch, long value_row,          \
        long output_batch, long output_row, long bias_batch, long bias_row) {                                                   \
        DYNAMIC_SHARED(shared);                                                                                                 \
        const int query = blockIdx.x, head = blockIdx.y, image = blockIdx.z;                                                    \
        const long bias_at = (image * bias_batch + query * bias_row) * (bias_is_float ? sizeof(float) : sizeof(T));             \
        attend<T>(reinterpret_cast<float*>(shared), q + image * query_batch + query * query_row + head * width,                 \
                  k + image * key_batch + head * width, key_row, v + image * value_batch + head * width, value_row,             \
                  bias == nullptr ? nullptr : static_cast<const char*>(bias) + bias_at, bias_is_float != 0,                     \
                  o + image * output_batch + query * output_row + head * width,                                                 \
                  log_sum_exp == nullptr ? nullptr : log_sum_exp + ((long)image * heads + head) * queries + query,              \
                  causal ? keys - queries + query + 1 : keys, width, scale, aligned != 0);                                      \
    }
FOR_EACH_ELEMENT_TYPE(ATTENTION)
