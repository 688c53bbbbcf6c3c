// Two-dimensional convolution (cross-correlation) and its transposed one, for whatever shape: what is taken where cuDNN has nothing suitable.
// Sequences are pictures of height 1.
//
// y [N, H', W', out] = x [N, H, W, in] ⋆ weight [out, kernel height, kernel width, in] + bias [out] (if given) + residual (if given, like y).
// Transposed: position i of x reaches position i · stride − padding + tap of y.
//
// An implicit matrix product: rows are the positions of y, columns its channels, and what is summed up over are taps and channels of x, one
// after another in memory. A block makes 64 × 64 of y, 16 summands at a time from shared memory; each of its 256 threads 4 × 4 in registers.
// Multiplied in float32 on the ordinary units, for every storage type. Rows of 64 + 4 floats keep float4 aligned and spread banks.
#include "elements.cuh"

constexpr int TILE = 64;
constexpr int DEPTH = 16;
constexpr int THREADS = 256;
constexpr int LOADS = TILE * DEPTH / THREADS;

struct Window {
    int height, width, channels, out_height, out_width, out_channels, kernel_height, kernel_width, stride_height, stride_width, pad_top,
        pad_left, dilation_height, dilation_width, transposed;

    // Along one axis: which position of x meets tap `tap` at position `out` of y; −1 where none does.
    __device__ __forceinline__ int source(int out, int tap, int extent, int stride, int pad, int dilation) const {
        int at;
        if (transposed) {
            const int scaled = out + pad - tap * dilation;
            if (scaled < 0 || scaled % stride != 0) {
                return -1;
            }
            at = scaled / stride;
        } else {
            at = out * stride - pad + tap * dilation;
        }
        return at >= 0 && at < extent ? at : -1;
    }
};

template <typename T>
__device__ __forceinline__ void convolve(const T* x, const T* weight, const T* bias, const T* residual, T* y, int positions,
                                         const Window& window) {
    __shared__ alignas(16) float a[DEPTH * (TILE + 4)];
    __shared__ alignas(16) float b[DEPTH * (TILE + 4)];
    const int first_position = blockIdx.x * TILE, first_channel = blockIdx.y * TILE;
    const int depth = window.kernel_height * window.kernel_width * window.channels;
    // When loading, neighbouring threads have neighbouring summands, which are neighbours in memory.
    const int summand = threadIdx.x % DEPTH, load_row = threadIdx.x / DEPTH;
    const int row = threadIdx.x / 16 * 4, column = threadIdx.x % 16 * 4;
    float sums[4][4] = {};
    for (int from = 0; from < depth; from += DEPTH) {
        const int k = from + summand;
        const int tap = k / window.channels, channel = k % window.channels;
        const int tap_row = tap / window.kernel_width, tap_column = tap % window.kernel_width;
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            const int at = load_row + i * (THREADS / DEPTH);
            const int position = first_position + at;
            float value = 0.0f;
            if (k < depth && position < positions) {
                const int out_column = position % window.out_width, out_row = position / window.out_width % window.out_height;
                const long image = position / window.out_width / window.out_height;
                const int h = window.source(out_row, tap_row, window.height, window.stride_height, window.pad_top,
                                            window.dilation_height);
                const int w = window.source(out_column, tap_column, window.width, window.stride_width, window.pad_left,
                                            window.dilation_width);
                if (h >= 0 && w >= 0) {
                    value = to_float(x[((image * window.height + h) * window.width + w) * window.channels + channel]);
                }
            }
            a[summand * (TILE + 4) + at] = value;
            const int out_channel = first_channel + at;
            b[summand * (TILE + 4) + at] =
                k < depth && out_channel < window.out_channels ? to_float(weight[(long)out_channel * depth + k]) : 0.0f;
        }
        __syncthreads();
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            float left[4], right[4];
            Vector<float, 4>::load(left, a + d * (TILE + 4) + row);
            Vector<float, 4>::load(right, b + d * (TILE + 4) + column);
#pragma unroll
            for (int i = 0; i < 4; i++) {
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    sums[i][j] = fmaf(left[i], right[j], sums[i][j]);
                }
            }
        }
        __syncthreads();
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const int position = first_position + row + i;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            const int channel = first_channel + column + j;
            if (position < positions && channel < window.out_channels) {
                const long at = (long)position * window.out_channels + channel;
                float sum = sums[i][j];
                if (bias != nullptr) {
                    sum += to_float(bias[channel]);
                }
                if (residual != nullptr) {
                    sum += to_float(residual[at]);
                }
                y[at] = from_float<T>(sum);
            }
        }
    }
}

// y may be the residual.
#define CONVOLUTION(SUFFIX, T)                                                                                                  \
    extern "C" __global__ void __launch_bounds__(THREADS, 2) convolution_##SUFFIX(                                              \
        const T* __restrict__ x, const T* __restrict__ weight, const T* __restrict__ bias, const T* residual, T* y,             \
        int positions, int height, int width, int channels, int out_height, int out_width, int out_channels,                    \
        int kernel_height, int kernel_width, int stride_height, int stride_width, int pad_top, int pad_left,                    \
        int dilation_height, int dilation_width, int transposed) {                                                              \
        convolve<T>(x, weight, bias, residual, y, positions,                                                                    \
                    {height, width, channels, out_height, out_width, out_channels, kernel_height, kernel_width, stride_height,  \
                     stride_width, pad_top, pad_left, dilation_height, dilation_width, transposed});                            \
    }
FOR_EACH_ELEMENT_TYPE(CONVOLUTION)
