// y [rows, C] = x[:, 0 … C) · GELU(x[:, C … 2C)) with GELU as it is defined (erf), x [rows, 2C].
//
// One pass over memory: a thread takes 16 bytes of each half at a time where C and the addresses allow it.
#include "elements.cuh"

template <typename T, int WIDTH>
__device__ __forceinline__ void gate(const T* x, T* y, unsigned rows, unsigned columns) {
    const unsigned pieces = columns / WIDTH, count = rows * pieces;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const long row = i / pieces;
        const unsigned c = i % pieces * WIDTH;
        float values[WIDTH], gates[WIDTH];
        Vector<T, WIDTH>::load(values, x + row * 2 * columns + c);
        Vector<T, WIDTH>::load(gates, x + row * 2 * columns + columns + c);
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            values[j] *= gelu(gates[j]);
        }
        Vector<T, WIDTH>::store(y + row * columns + c, values);
    }
}

#define GEGLU(SUFFIX, T)                                                                                                        \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        geglu_wide_##SUFFIX(const T* __restrict__ x, T* __restrict__ y, int rows, int columns) {                                \
        gate<T, WIDEST<T>>(x, y, rows, columns);                                                                                \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        geglu_narrow_##SUFFIX(const T* __restrict__ x, T* __restrict__ y, int rows, int columns) {                              \
        gate<T, 1>(x, y, rows, columns);                                                                                        \
    }
FOR_EACH_ELEMENT_TYPE(GEGLU)
