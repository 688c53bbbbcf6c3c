// y [count] = x [count] in another storage type, rounded to nearest, ties to even. A thread converts four elements where addresses allow it.
#include "elements.cuh"

template <typename From, typename To>
__device__ __forceinline__ void convert(const From* x, To* y, long count, int aligned) {
    constexpr int WIDTH = 4;
    const long first = (long)blockIdx.x * blockDim.x + threadIdx.x, threads = (long)gridDim.x * blockDim.x;
    const long vectors = aligned ? count / WIDTH : 0;
    for (long i = first; i < vectors; i += threads) {
        float values[WIDTH];
        Vector<From, WIDTH>::load(values, x + i * WIDTH);
        Vector<To, WIDTH>::store(y + i * WIDTH, values);
    }
    for (long i = vectors * WIDTH + first; i < count; i += threads) {
        y[i] = from_float<To>(to_float(x[i]));
    }
}

#define CONVERT(FROM, TO, From, To)                                                                                             \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                                        \
        convert_##FROM##_##TO(const From* __restrict__ x, To* __restrict__ y, long count, int aligned) {                        \
        convert<From, To>(x, y, count, aligned);                                                                                \
    }
CONVERT(f32, f16, float, float16)
CONVERT(f32, bf16, float, bfloat16)
CONVERT(f16, f32, float16, float)
CONVERT(bf16, f32, bfloat16, float)
