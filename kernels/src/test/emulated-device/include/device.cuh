// The words of device.cuh as g++ understands them. Kernels are the same files that nvcc compiles.
#pragma once

#include "emulated/arithmetic.h"
#include "emulated/async_copy.h"
#include "emulated/kernel.h"
#include "emulated/shared.h"
#include "emulated/synchronisation.h"
#include "emulated/tensor_core.h"
#include "emulated/thread.h"
#include "emulated/types.h"
#include "emulated/warp.h"

#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __restrict__ __restrict
#define __align__(n) alignas(n)

// The build finds kernels and their launch bounds by these words, which stand in the preprocessed source alone.
#ifdef EMULATED_SCAN
#define __global__ __emulated_kernel__
#define __launch_bounds__(threads, ...) __emulated_bounds__ threads __emulated_bounds_end__
#else
#define __global__
#define __launch_bounds__(...)
#endif
