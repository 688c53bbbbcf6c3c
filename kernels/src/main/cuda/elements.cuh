// What several kernels share: vectors of elements in registers, and sums over warps and blocks in a fixed order.
#pragma once

#include "device.cuh"

// Kernels name the blocks of theirs that a multiprocessor shall have room for (the second of __launch_bounds__): left to itself, ptxas makes room
// for so many that some kernels spill a register or two.

constexpr unsigned WHOLE_WARP = 0xffffffffu;
constexpr int WARP = 32;

// COUNT consecutive elements as one load or store where they make up 4, 8 or 16 bytes; the address must then be aligned to as many.
template <typename T, int COUNT>
struct Vector {
    static constexpr int BYTES = COUNT * (int)sizeof(T);
    static constexpr int WORDS = BYTES < 4 ? 1 : BYTES / 4;
    static_assert(BYTES <= 16, "the longest load of a thread");

    __device__ static __forceinline__ void load(float (&values)[COUNT], const T* from) {
        if constexpr (COUNT == 1) {
            values[0] = to_float(*from);
        } else {
            unsigned words[WORDS];
            if constexpr (BYTES == 16) {
                const uint4 raw = *reinterpret_cast<const uint4*>(from);
                words[0] = raw.x, words[1] = raw.y, words[2] = raw.z, words[3] = raw.w;
            } else if constexpr (BYTES == 8) {
                const uint2 raw = *reinterpret_cast<const uint2*>(from);
                words[0] = raw.x, words[1] = raw.y;
            } else {
                words[0] = *reinterpret_cast<const unsigned*>(from);
            }
            to_floats(values, words, T());
        }
    }

    __device__ static __forceinline__ void store(T* to, const float (&values)[COUNT]) {
        if constexpr (COUNT == 1) {
            *to = from_float<T>(values[0]);
        } else {
            unsigned words[WORDS];
            from_floats(words, values, T());
            if constexpr (BYTES == 16) {
                *reinterpret_cast<uint4*>(to) = make_uint4(words[0], words[1], words[2], words[3]);
            } else if constexpr (BYTES == 8) {
                *reinterpret_cast<uint2*>(to) = make_uint2(words[0], words[1]);
            } else {
                *reinterpret_cast<unsigned*>(to) = words[0];
            }
        }
    }

private:
    __device__ static __forceinline__ void to_floats(float (&values)[COUNT], const unsigned (&words)[WORDS], float) {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            values[i] = __uint_as_float(words[i]);
        }
    }

    template <typename U>
    __device__ static __forceinline__ void to_floats(float (&values)[COUNT], const unsigned (&words)[WORDS], U) {
#pragma unroll
        for (int i = 0; i < COUNT / 2; i++) {
            const float2 two = unpack<U>(words[i]);
            values[2 * i] = two.x, values[2 * i + 1] = two.y;
        }
    }

    __device__ static __forceinline__ void from_floats(unsigned (&words)[WORDS], const float (&values)[COUNT], float) {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            words[i] = __float_as_uint(values[i]);
        }
    }

    template <typename U>
    __device__ static __forceinline__ void from_floats(unsigned (&words)[WORDS], const float (&values)[COUNT], U) {
#pragma unroll
        for (int i = 0; i < COUNT / 2; i++) {
            words[i] = pack<U>(values[2 * i], values[2 * i + 1]);
        }
    }
};

// Positions are taken apart into indices along axes by divisions, which cost several times as much in 64 bits: where kernels do that,
// extents are `unsigned`, and launchers refuse more than 2^31 − 1 elements.

// How many elements a thread's longest load holds.
template <typename T>
constexpr int WIDEST = 16 / (int)sizeof(T);

// The sum over a warp, in every lane, always in the same order.
__device__ __forceinline__ float warp_sum(float x) {
#pragma unroll
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        x += __shfl_xor_sync(WHOLE_WARP, x, distance);
    }
    return x;
}

__device__ __forceinline__ float warp_max(float x) {
#pragma unroll
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        x = fmaxf(x, __shfl_xor_sync(WHOLE_WARP, x, distance));
    }
    return x;
}

// The sum over a block of whole warps, in every thread, always in the same order. All threads must call it; `parts` is shared
// memory of 32 floats that nothing else uses meanwhile.
__device__ __forceinline__ float block_sum(float x, float* parts) {
    const int lane = threadIdx.x % WARP;
    x = warp_sum(x);
    __syncthreads();
    if (lane == 0) {
        parts[threadIdx.x / WARP] = x;
    }
    __syncthreads();
    return warp_sum(lane < (int)blockDim.x / WARP ? parts[lane] : 0.0f);
}

__device__ __forceinline__ float block_max(float x, float* parts) {
    const int lane = threadIdx.x % WARP;
    x = warp_max(x);
    __syncthreads();
    if (lane == 0) {
        parts[threadIdx.x / WARP] = x;
    }
    __syncthreads();
    return warp_max(lane < (int)blockDim.x / WARP ? parts[lane] : NEGATIVE_INFINITY);
}

// x · Φ(x), GELU as it is defined.
__device__ __forceinline__ float gelu(float x) {
    return 0.5f * x * (1.0f + erff(x * 0.70710678118654752f));
}

// Φ(x) + x φ(x), φ being the standard normal distribution's density.
__device__ __forceinline__ float gelu_slope(float x) {
    return 0.5f * (1.0f + erff(x * 0.70710678118654752f)) + x * expf(-0.5f * x * x) * 0.39894228040143268f;
}

__device__ __forceinline__ float silu(float x) {
    return x / (1.0f + expf(-x));
}

__device__ __forceinline__ float silu_slope(float x) {
    const float sigmoid = 1.0f / (1.0f + expf(-x));
    return sigmoid * (1.0f + x * (1.0f - sigmoid));
}

// Instantiates kernels for every storage type: MACRO(suffix of the name, type).
#define FOR_EACH_ELEMENT_TYPE(MACRO) MACRO(f32, float) MACRO(f16, float16) MACRO(bf16, bfloat16)
