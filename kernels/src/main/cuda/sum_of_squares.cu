// *result = Σ x², x [count] float32, in a fixed order: each block adds up its share, one block the shares.
#include "elements.cuh"

constexpr int THREADS = 1024;

extern "C" __global__ void __launch_bounds__(THREADS) sum_of_squares_parts(const float* __restrict__ x, long count,
                                                                           float* __restrict__ sums) {
    __shared__ float parts[WARP];
    float sum = 0.0f;
    for (long i = (long)blockIdx.x * THREADS + threadIdx.x; i < count; i += (long)gridDim.x * THREADS) {
        sum = fmaf(x[i], x[i], sum);
    }
    sum = block_sum(sum, parts);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = sum;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) sum_of_squares_whole(const float* __restrict__ sums, int count,
                                                                           float* __restrict__ result) {
    __shared__ float parts[WARP];
    float sum = 0.0f;
    for (int i = threadIdx.x; i < count; i += THREADS) {
        sum += sums[i];
    }
    sum = block_sum(sum, parts);
    if (threadIdx.x == 0) {
        *result = sum;
    }
}
