// y = a + b, where b may have extents of 1 that repeat.
//
// a, y [n0, n1, n2, n3] dense; b has any strides, 0 along what repeats. The launcher joins axes, so that equal shapes are one axis. Where the
// innermost axis of b is dense (or repeats) and everything is aligned, a thread adds 16 bytes at a time.
#include "elements.cuh"

template <typename T, int WIDTH>
__device__ __forceinline__ void add(const T* a, const T* b, T* y, unsigned count, unsigned n1, unsigned n2, unsigned n3, long s0, long s1,
                                    long s2, long s3) {
    const unsigned pieces = n3 / WIDTH;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const unsigned i3 = i % pieces * WIDTH, i2 = i / pieces % n2, i1 = i / pieces / n2 % n1, i0 = i / pieces / n2 / n1;
        const T* other = b + i0 * s0 + i1 * s1 + i2 * s2 + i3 * s3;
        float values[WIDTH], more[WIDTH];
        Vector<T, WIDTH>::load(values, a + (long)i * WIDTH);
        if (s3 == 0) {
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                more[j] = to_float(*other);
            }
        } else {
            // Here s3 is 1, or WIDTH is.
            Vector<T, WIDTH>::load(more, other);
        }
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            values[j] += more[j];
        }
        Vector<T, WIDTH>::store(y + (long)i * WIDTH, values);
    }
}

// a and y may be the same, and so may a and b.
#define ADD(KIND, WIDTH, SUFFIX, T)                                                                                             \
    extern "C" __global__ void __launch_bounds__(256, 4) add_##KIND##_##SUFFIX(const T* a, const T* b, T* y, int count, int n1, \
                                                                            int n2, int n3, long s0, long s1, long s2,          \
                                                                            long s3) {                                          \
        add<T, WIDTH>(a, b, y, count, n1, n2, n3, s0, s1, s2, s3);                                                              \
    }
#define BOTH(SUFFIX, T) ADD(wide, WIDEST<T>, SUFFIX, T) ADD(narrow, 1, SUFFIX, T)
FOR_EACH_ELEMENT_TYPE(BOTH)
