// Sums over axes, in float32 and in a fixed order: y [k0, k1] = Σ x over [m0, m1], x of any strides, s along what is kept, r along what is
// summed.
//
// The steps of a sum are cut into gridDim.y parts of `part` each; part p's sums go to y + p · k0 · k1, and where there are several the launcher
// adds them up by a second launch. sum_columns: neighbours in x are neighbours in y; a block has 32 sums, and 8 threads for each, which take every
// eighth step and are added in order. sum_rows: neighbours in x are steps of one sum; a block has one.
#include "elements.cuh"

constexpr int SLICES = 8;

struct Axes {
    unsigned k1, m1;
    long s0, s1, r0, r1;

    __device__ __forceinline__ long at(unsigned result, unsigned step) const {
        return result / k1 * s0 + result % k1 * s1 + step / m1 * r0 + step % m1 * r1;
    }
};

template <typename T>
__device__ __forceinline__ void columns(const T* x, float* y, unsigned results, unsigned from, unsigned to, const Axes& axes) {
    __shared__ float sums[SLICES][WARP];
    const unsigned result = blockIdx.x * WARP + threadIdx.x;
    float sum = 0.0f;
    if (result < results) {
        for (unsigned step = from + threadIdx.y; step < to; step += SLICES) {
            sum += to_float(x[axes.at(result, step)]);
        }
    }
    sums[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && result < results) {
        for (int slice = 1; slice < SLICES; slice++) {
            sum += sums[slice][threadIdx.x];
        }
        y[result] = sum;
    }
}

template <typename T>
__device__ __forceinline__ void rows(const T* x, float* y, unsigned from, unsigned to, const Axes& axes) {
    __shared__ float parts[WARP];
    float sum = 0.0f;
    for (unsigned step = from + threadIdx.x; step < to; step += blockDim.x) {
        sum += to_float(x[axes.at(blockIdx.x, step)]);
    }
    sum = block_sum(sum, parts);
    if (threadIdx.x == 0) {
        y[blockIdx.x] = sum;
    }
}

#define PARAMETERS(T)                                                                                                           \
    const T *__restrict__ x, float *__restrict__ y, int results, int steps, int part, int k1, int m1, long s0, long s1, long r0, \
        long r1
#define SUM(SUFFIX, T)                                                                                                          \
    extern "C" __global__ void __launch_bounds__(WARP* SLICES, 4) sum_columns_##SUFFIX(PARAMETERS(T)) {                         \
        const int from = blockIdx.y * part;                                                                                     \
        columns<T>(x, y + (long)blockIdx.y * results, results, from, min(steps, from + part),                                   \
                   {(unsigned)k1, (unsigned)m1, s0, s1, r0, r1});                                                               \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(256, 4) sum_rows_##SUFFIX(PARAMETERS(T)) {                                     \
        const int from = blockIdx.y * part;                                                                                     \
        rows<T>(x, y + (long)blockIdx.y * results, from, min(steps, from + part),                                               \
                {(unsigned)k1, (unsigned)m1, s0, s1, r0, r1});                                                                  \
    }
FOR_EACH_ELEMENT_TYPE(SUM)
