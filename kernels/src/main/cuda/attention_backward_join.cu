// dk, dv [N, S, heads · width] from sums over ranges of the queries, in the order of the ranges: partial [splits, 2, N, heads, S, width], float32,
// as attention_backward.cu leaves it.
#include "elements.cuh"

template <typename T>
__device__ __forceinline__ void join(const float* partial, int splits, T* to, long batch, long row, unsigned count, unsigned heads,
                                     unsigned keys, unsigned width) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        float sum = 0.0f;
        for (int split = 0; split < splits; split++) {
            sum += partial[(long)split * 2 * count + i];
        }
        const unsigned column = i % width, key = i / width % keys, head = i / width / keys % heads, image = i / width / keys / heads;
        to[image * batch + key * row + head * width + column] = from_float<T>(sum);
    }
}

#define JOIN(SUFFIX, T)                                                                                                         \
    extern "C" __global__ void __launch_bounds__(256, 4) attention_backward_join_##SUFFIX(                                      \
        const float* __restrict__ partial, int splits, T* __restrict__ dk, long dk_batch, long dk_row, T* __restrict__ dv,      \
        long dv_batch, long dv_row, int count, int heads, int keys, int width) {                                                \
        if (blockIdx.y == 0) {                                                                                                  \
            join<T>(partial, splits, dk, dk_batch, dk_row, count, heads, keys, width);                                          \
        } else {                                                                                                                \
            join<T>(partial + count, splits, dv, dv_batch, dv_row, count, heads, keys, width);                                  \
        }                                                                                                                       \
    }
FOR_EACH_ELEMENT_TYPE(JOIN)
