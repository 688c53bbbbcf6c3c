// Nearest up-sampling by two, and its gradient.
//
// forward:  y [N, H', W', C] has x [N, H, W, C] at half its row and column; H' is 2H or 2H − 1, W' likewise
// backward: y [N, H, W, C] adds up the up to four places of gradient [N, H', W', C] that have it
// A thread moves a piece of 16 bytes where C and the addresses allow it (then `channels` counts pieces), else one element. One pass: y is
// written once, x comes from the cache three times of four.
#include "elements.cuh"

template <typename Piece>
__device__ __forceinline__ void upsample(const Piece* x, Piece* y, unsigned count, unsigned height, unsigned width, unsigned channels,
                                         unsigned out_height, unsigned out_width) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const unsigned c = i % channels, column = i / channels % out_width;
        const unsigned row = i / channels / out_width % out_height, image = i / channels / out_width / out_height;
        y[i] = x[(((long)image * height + row / 2) * width + column / 2) * channels + c];
    }
}

// `channels` counts vectors of WIDTH.
template <typename T, int WIDTH>
__device__ __forceinline__ void add_up(const T* gradient, T* y, unsigned count, unsigned height, unsigned width, unsigned channels,
                                       unsigned from_height, unsigned from_width) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const unsigned c = i % channels, column = i / channels % width * 2;
        const unsigned row = i / channels / width % height * 2, image = i / channels / width / height;
        float sums[WIDTH] = {};
        for (unsigned r = row; r < min(row + 2, from_height); r++) {
            for (unsigned s = column; s < min(column + 2, from_width); s++) {
                float more[WIDTH];
                Vector<T, WIDTH>::load(more, gradient + ((((long)image * from_height + r) * from_width + s) * channels + c) * WIDTH);
#pragma unroll
                for (int j = 0; j < WIDTH; j++) {
                    sums[j] += more[j];
                }
            }
        }
        Vector<T, WIDTH>::store(y + (long)i * WIDTH, sums);
    }
}

#define UPSAMPLE(BYTES, PIECE)                                                                                                  \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        upsample_nearest_##BYTES(const PIECE* __restrict__ x, PIECE* __restrict__ y, int count, int height, int width,          \
                                 int channels, int out_height, int out_width) {                                                 \
        upsample<PIECE>(x, y, count, height, width, channels, out_height, out_width);                                           \
    }
UPSAMPLE(2, unsigned short)
UPSAMPLE(4, unsigned)
UPSAMPLE(16, uint4)

#define BACKWARD(KIND, WIDTH, SUFFIX, T)                                                                                        \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        upsample_backward_##KIND##_##SUFFIX(const T* __restrict__ gradient, T* __restrict__ y, int count, int height,           \
                                            int width, int channels, int from_height, int from_width) {                         \
        add_up<T, WIDTH>(gradient, y, count, height, width, channels, from_height, from_width);                                 \
    }
#define BOTH(SUFFIX, T) BACKWARD(wide, WIDEST<T>, SUFFIX, T) BACKWARD(narrow, 1, SUFFIX, T)
FOR_EACH_ELEMENT_TYPE(BOTH)
