// Functions of every element by itself: SiLU, GELU (erf), GELU (tanh), tanh, leaky ReLU, scaling.
//
// x, y [count], any shape; y may be x. One pass over memory: a thread takes 16 bytes at a time where both addresses are aligned, and
// strides over the grid, of 256 threads a block; the few elements beyond the last whole vector go one by one.
#include "elements.cuh"

struct Silu {
    __device__ static float of(float x, float) { return silu(x); }
};

struct Gelu {
    __device__ static float of(float x, float) { return gelu(x); }
};

struct GeluTanh {
    __device__ static float of(float x, float) {
        const float inner = 0.79788456080286536f * (x + 0.044715f * x * x * x);
        return 0.5f * x * (1.0f + tanhf(inner));
    }
};

struct Tanh {
    __device__ static float of(float x, float) { return tanhf(x); }
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

#define ELEMENTWISE(NAME, FUNCTION, SUFFIX, T)                                                                                  \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        elementwise_##NAME##_##SUFFIX(const T* x, T* y, long count, float parameter, int aligned) {                             \
        apply<FUNCTION, T>(x, y, count, parameter, aligned);                                                                    \
    }
#define ALL(SUFFIX, T)                           \
    ELEMENTWISE(silu, Silu, SUFFIX, T)           \
    ELEMENTWISE(gelu, Gelu, SUFFIX, T)           \
    ELEMENTWISE(gelu_tanh, GeluTanh, SUFFIX, T)  \
    ELEMENTWISE(tanh, Tanh, SUFFIX, T)           \
    ELEMENTWISE(leaky_relu, LeakyRelu, SUFFIX, T) \
    ELEMENTWISE(scale, Scale, SUFFIX, T)
FOR_EACH_ELEMENT_TYPE(ALL)
