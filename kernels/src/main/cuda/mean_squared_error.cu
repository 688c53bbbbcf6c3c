// Of each item, the mean of its squared errors, and the gradient to the prediction. Everything is float32.
//
// forward:  means [items] = mean((prediction − target)²), prediction, target [items, count]; a block an item, in a fixed order
// backward: y [items, count] = gradient · 2 / count · (prediction − target), gradient [items]
#include "elements.cuh"

constexpr int THREADS = 1024;

extern "C" __global__ void __launch_bounds__(THREADS) mean_squared_error_forward(
    const float* __restrict__ prediction, const float* __restrict__ target, float* __restrict__ means, long count) {
    __shared__ float parts[WARP];
    const long first = blockIdx.x * count;
    float sum = 0.0f;
    for (long i = threadIdx.x; i < count; i += THREADS) {
        const float error = prediction[first + i] - target[first + i];
        sum = fmaf(error, error, sum);
    }
    sum = block_sum(sum, parts);
    if (threadIdx.x == 0) {
        means[blockIdx.x] = sum / (float)count;
    }
}

extern "C" __global__ void __launch_bounds__(256, 4) mean_squared_error_backward(
    const float* __restrict__ prediction, const float* __restrict__ target, const float* __restrict__ gradient, float* __restrict__ y,
    long count) {
    const long first = blockIdx.y * count;
    const float factor = 2.0f * gradient[blockIdx.y] / (float)count;
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        y[first + i] = factor * (prediction[first + i] - target[first + i]);
    }
}
