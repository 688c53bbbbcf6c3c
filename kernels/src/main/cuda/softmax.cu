// y [rows, columns] = softmax(scale · x), x float32: for attention whose heads are wider than attention.cu's, the autoencoder's one of 512
// channels. Scores are float32 whatever the storage type, since they may be large. y may be x where it is float32 too.
//
// A block has a row, of up to PIECES · 256 columns in registers, so that the row is read once; columns beyond are read again.
#include "elements.cuh"

constexpr int THREADS = 256;
constexpr int PIECES = 16;

template <typename T>
__device__ __forceinline__ void softmax(const float* x, T* y, int columns, float scale) {
    __shared__ float parts[WARP];
    const float log2_scale = scale * 1.44269504088896341f;
    float held[PIECES];
    float highest = NEGATIVE_INFINITY;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        const int c = p * THREADS + threadIdx.x;
        held[p] = c < columns ? x[c] * log2_scale : NEGATIVE_INFINITY;
        highest = fmaxf(highest, held[p]);
    }
    for (int c = PIECES * THREADS + threadIdx.x; c < columns; c += THREADS) {
        highest = fmaxf(highest, x[c] * log2_scale);
    }
    highest = block_max(highest, parts);
    float total = 0.0f;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        held[p] = exp2f(held[p] - highest);
        total += held[p];
    }
    for (int c = PIECES * THREADS + threadIdx.x; c < columns; c += THREADS) {
        total += exp2f(x[c] * log2_scale - highest);
    }
    const float inverse = 1.0f / block_sum(total, parts);
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        const int c = p * THREADS + threadIdx.x;
        if (c < columns) {
            y[c] = from_float<T>(held[p] * inverse);
        }
    }
    for (int c = PIECES * THREADS + threadIdx.x; c < columns; c += THREADS) {
        y[c] = from_float<T>(exp2f(x[c] * log2_scale - highest) * inverse);
    }
}

#define SOFTMAX(SUFFIX, T)                                                                                                      \
    extern "C" __global__ void __launch_bounds__(THREADS, 4) softmax_##SUFFIX(const float* x, T* y, int columns, float scale) { \
        softmax<T>(x + (long)blockIdx.x * columns, y + (long)blockIdx.x * columns, columns, scale);                             \
    }
FOR_EACH_ELEMENT_TYPE(SOFTMAX)
