// Nearest up-sampling by two: y [N, H', W', C] has x [N, H, W, C] at half its row and column; H' is 2H or 2H − 1, W' likewise.
//
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

#define UPSAMPLE(BYTES, PIECE)                                                                                                  \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        upsample_nearest_##BYTES(const PIECE* __restrict__ x, PIECE* __restrict__ y, int count, int height, int width,          \
                                 int channels, int out_height, int out_width) {                                                 \
        upsample<PIECE>(x, y, count, height, width, channels, out_height, out_width);                                           \
    }
UPSAMPLE(2, unsigned short)
UPSAMPLE(4, unsigned)
UPSAMPLE(16, uint4)
