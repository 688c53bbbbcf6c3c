// Copies that change where elements lie and nothing else: parts of concatenations, slices, transpositions, padding with zeros.
//
// copies_strided: y at strides t = x at strides s, for all of [n0, n1, n2, n3]. copies_pad: y [n0, n1, n2, n3] dense; element i is x's
// i − before along every axis where x [m0, m1, m2, m3] (dense) has it, else 0.
// Elements are moved as so many bytes: 16 where innermost axes are dense and aligned (then n3, m3, strides and `before` count pieces of 16
// bytes), else the 2 or 4 of one element.
#include "elements.cuh"

template <typename Piece>
__device__ __forceinline__ void copy(const Piece* x, Piece* y, unsigned count, unsigned n1, unsigned n2, unsigned n3, long s0, long s1,
                                     long s2, long s3, long t0, long t1, long t2, long t3) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const unsigned i3 = i % n3, i2 = i / n3 % n2, i1 = i / n3 / n2 % n1, i0 = i / n3 / n2 / n1;
        y[i0 * t0 + i1 * t1 + i2 * t2 + i3 * t3] = x[i0 * s0 + i1 * s1 + i2 * s2 + i3 * s3];
    }
}

template <typename Piece>
__device__ __forceinline__ void pad(const Piece* x, Piece* y, unsigned count, unsigned n1, unsigned n2, unsigned n3, int m0, int m1, int m2,
                                    int m3, int before0, int before1, int before2, int before3) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const int i3 = (int)(i % n3) - before3, i2 = (int)(i / n3 % n2) - before2;
        const int i1 = (int)(i / n3 / n2 % n1) - before1, i0 = (int)(i / n3 / n2 / n1) - before0;
        const bool there = i0 >= 0 && i0 < m0 && i1 >= 0 && i1 < m1 && i2 >= 0 && i2 < m2 && i3 >= 0 && i3 < m3;
        y[i] = there ? x[(((long)i0 * m1 + i1) * m2 + i2) * m3 + i3] : Piece{};
    }
}

#define COPIES(BYTES, PIECE)                                                                                                    \
    extern "C" __global__ void __launch_bounds__(256, 4) copies_strided_##BYTES(                                                \
        const PIECE* __restrict__ x, PIECE* __restrict__ y, int count, int n1, int n2, int n3, long s0, long s1, long s2,       \
        long s3, long t0, long t1, long t2, long t3) {                                                                          \
        copy<PIECE>(x, y, count, n1, n2, n3, s0, s1, s2, s3, t0, t1, t2, t3);                                                   \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(256, 4) copies_pad_##BYTES(                                                    \
        const PIECE* __restrict__ x, PIECE* __restrict__ y, int count, int n1, int n2, int n3, int m0, int m1, int m2, int m3,  \
        int before0, int before1, int before2, int before3) {                                                                   \
        pad<PIECE>(x, y, count, n1, n2, n3, m0, m1, m2, m3, before0, before1, before2, before3);                                \
    }
COPIES(2, unsigned short)
COPIES(4, unsigned)
COPIES(16, uint4)
