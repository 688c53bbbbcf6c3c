// Functions of every element by itself: SiLU, GELU (erf), GELU (tanh), tanh, leaky ReLU, scaling; and the gradients of the first four.
//
// forward:  y = f(x)              backward: y = gradient · f′(x)
// x, gradient, y [count], any shape; y may be x or gradient. One pass over memory: a thread takes 16 bytes at a time where all addresses are
// aligned, and strides over the grid, of 256 threads a block; the few elements beyond the last whole vector go one by one.
#include "elements.cuh"

struct Silu {
    __device__ static float of(float x, float) { return silu(x); }
    __device__ static float slope(float x) { return silu_slope(x); }
};

struct Gelu {
    __device__ static float of(float x, float) { return gelu(x); }
    __device__ static float slope(float x) { return gelu_slope(x); }
};

struct GeluTanh {
    __device__ static float inner(float x) { return tanhf(0.79788456080286536f * (x + 0.044715f * x * x * x)); }
    __device__ static float of(float x, float) { return 0.5f * x * (1.0f + inner(x)); }
    __device__ static float slope(float x) {
        const float t = inner(x);
        return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * 0.79788456080286536f * (1.0f + 0.134145f * x * x);
    }
};

struct Tanh {
    __device__ static float of(float x, float) { return tanhf(x); }
    __device__ static float slope(float x) {
        const float t = tanhf(x);
        return 1.0f - t * t;
    }
};

struct LeakyRelu {
    __device__ static float of(float x, float slope) { return x > 0.0f ? x : slope * x; }
};

struct Scale {
    __device__ static float of(float x, float factor) { return factor * x; }
};

template <typename Function, typename T>
__device__ __forceinline__ void apply(const T* x, T* y, long count, float parameter, int aligned) {
    constexpr int WIDTH = WIDEST<T>;
    const long first = (long)blockIdx.x * blockDim.x + threadIdx.x;
    const long threads = (long)gridDim.x * blockDim.x;
    const long vectors = aligned ? count / WIDTH : 0;
    for (long i = first; i < vectors; i += threads) {
        float values[WIDTH];
        Vector<T, WIDTH>::load(values, x + i * WIDTH);
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            values[j] = Function::of(values[j], parameter);
        }
        Vector<T, WIDTH>::store(y + i * WIDTH, values);
    }
    for (long i = vectors * WIDTH + first; i < count; i += threads) {
        y[i] = from_float<T>(Function::of(to_float(x[i]), parameter));
    }
}

template <typename Function, typename T>
__device__ __forceinline__ void multiply_by_slope(const T* x, const T* gradient, T* y, long count, int aligned) {
    constexpr int WIDTH = WIDEST<T>;
    const long first = (long)blockIdx.x * blockDim.x + threadIdx.x;
    const long threads = (long)gridDim.x * blockDim.x;
    const long vectors = aligned ? count / WIDTH : 0;
    for (long i = first; i < vectors; i += threads) {
        float values[WIDTH], gradients[WIDTH];
        Vector<T, WIDTH>::load(values, x + i * WIDTH);
        Vector<T, WIDTH>::load(gradients, gradient + i * WIDTH);
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            gradients[j] *= Function::slope(values[j]);
        }
        Vector<T, WIDTH>::store(y + i * WIDTH, gradients);
    }
    for (long i = vectors * WIDTH + first; i < count; i += threads) {
        y[i] = from_float<T>(to_float(gradient[i]) * Function::slope(to_float(x[i])));
    }
}

#define ELEMENTWISE(NAME, FUNCTION, SUFFIX, T)                                                                                  \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        elementwise_##NAME##_##SUFFIX(const T* x, T* y, long count, float parameter, int aligned) {                             \
        apply<FUNCTION, T>(x, y, count, parameter, aligned);                                                                    \
    }
#define BOTH_WAYS(NAME, FUNCTION, SUFFIX, T)                                                                                    \
    ELEMENTWISE(NAME, FUNCTION, SUFFIX, T)                                                                                      \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        elementwise_##NAME##_backward_##SUFFIX(const T* x, const T* gradient, T* y, long count, int aligned) {                  \
        multiply_by_slope<FUNCTION, T>(x, gradient, y, count, aligned);                                                         \
    }
#define ALL(SUFFIX, T)                            \
    BOTH_WAYS(silu, Silu, SUFFIX, T)              \
    BOTH_WAYS(gelu, Gelu, SUFFIX, T)              \
    BOTH_WAYS(gelu_tanh, GeluTanh, SUFFIX, T)     \
    BOTH_WAYS(tanh, Tanh, SUFFIX, T)              \
    ELEMENTWISE(leaky_relu, LeakyRelu, SUFFIX, T) \
    ELEMENTWISE(scale, Scale, SUFFIX, T)
FOR_EACH_ELEMENT_TYPE(ALL)
