// What of CUDA's mathematics and atomics kernels may use. The rest is the C library's.
#pragma once

#include <cmath>
#include <cstring>

using std::isfinite;

inline float rsqrtf(float x) {
    return 1.0f / sqrtf(x);
}

inline float __fdividef(float x, float y) {
    return x / y;
}

inline float __uint_as_float(unsigned bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

inline unsigned __float_as_uint(float value) {
    unsigned bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

inline float __int_as_float(int bits) {
    return __uint_as_float(static_cast<unsigned>(bits));
}

inline int __float_as_int(float value) {
    return static_cast<int>(__float_as_uint(value));
}

template <typename T>
T min(T a, T b) {
    return b < a ? b : a;
}

template <typename T>
T max(T a, T b) {
    return a < b ? b : a;
}

inline int atomicOr(int* address, int value) {
    return __atomic_fetch_or(address, value, __ATOMIC_RELAXED);
}

inline unsigned atomicOr(unsigned* address, unsigned value) {
    return __atomic_fetch_or(address, value, __ATOMIC_RELAXED);
}

inline int atomicAdd(int* address, int value) {
    return __atomic_fetch_add(address, value, __ATOMIC_RELAXED);
}

inline unsigned atomicAdd(unsigned* address, unsigned value) {
    return __atomic_fetch_add(address, value, __ATOMIC_RELAXED);
}

namespace emulated {

template <typename T>
T atomic_max(T* address, T value) {
    T old = __atomic_load_n(address, __ATOMIC_RELAXED);
    while (old < value &&
           !__atomic_compare_exchange_n(address, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return old;
}

}  // namespace emulated

inline int atomicMax(int* address, int value) {
    return ::emulated::atomic_max(address, value);
}

inline unsigned atomicMax(unsigned* address, unsigned value) {
    return ::emulated::atomic_max(address, value);
}
