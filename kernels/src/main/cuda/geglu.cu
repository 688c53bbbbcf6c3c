// The first half of a row times GELU (as it is defined, erf) of the second, and the gradient to both.
//
// forward:  y [rows, C] = x[:, 0 … C) · GELU(x[:, C … 2C)), x [rows, 2C]
// backward: y[:, 0 … C) = gradient · GELU(x[:, C … 2C)), y[:, C … 2C) = gradient · x[:, 0 … C) · GELU′(x[:, C … 2C)); gradient [rows, C]
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

template <typename T, int WIDTH>
__device__ __forceinline__ void gate_backward(const T* x, const T* gradient, T* y, unsigned rows, unsigned columns) {
    const unsigned pieces = columns / WIDTH, count = rows * pieces;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        const long row = i / pieces;
        const unsigned c = i % pieces * WIDTH;
        const long first = row * 2 * columns + c, second = first + columns;
        float values[WIDTH], gates[WIDTH], gradients[WIDTH];
        Vector<T, WIDTH>::load(values, x + first);
        Vector<T, WIDTH>::load(gates, x + second);
        Vector<T, WIDTH>::load(gradients, gradient + row * columns + c);
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            values[j] *= gradients[j] * gelu_slope(gates[j]);
            gradients[j] *= gelu(gates[j]);
        }
        Vector<T, WIDTH>::store(y + first, gradients);
        Vector<T, WIDTH>::store(y + second, values);
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
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(256, 4) geglu_backward_wide_##SUFFIX(                                          \
        const T* __restrict__ x, const T* __restrict__ gradient, T* __restrict__ y, int rows, int columns) {                    \
        gate_backward<T, WIDEST<T>>(x, gradient, y, rows, columns);                                                             \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(256, 4) geglu_backward_narrow_##SUFFIX(                                        \
        const T* __restrict__ x, const T* __restrict__ gradient, T* __restrict__ y, int rows, int columns) {                    \
        gate_backward<T, 1>(x, gradient, y, rows, columns);                                                                     \
    }
FOR_EACH_ELEMENT_TYPE(GEGLU)
