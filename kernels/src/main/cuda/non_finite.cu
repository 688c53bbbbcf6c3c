// Sets *flag to 1 where an element of x [count] is an infinity or no number; else leaves it as it is. Read once at the end of a run.
#include "elements.cuh"

template <typename T>
__device__ __forceinline__ void look(const T* x, long count, int* flag) {
    bool found = false;
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        found |= !isfinite(to_float(x[i]));
    }
    if (found) {
        atomicOr(flag, 1);
    }
}

#define NON_FINITE(SUFFIX, T)                                                                                                   \
    extern "C" __global__ void __launch_bounds__(256, 4) non_finite_##SUFFIX(const T* __restrict__ x, long count, int* flag) {  \
        look<T>(x, count, flag);                                                                                                \
    }
FOR_EACH_ELEMENT_TYPE(NON_FINITE)
