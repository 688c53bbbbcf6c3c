// The storage types and CUDA's short vectors. A vector has the alignment that its one-instruction load needs, so that
// the alignment checks compiled into kernels see what a GPU would trap on.
#pragma once

#include <cstring>

struct float16 {
    unsigned short bits;
};

struct bfloat16 {
    unsigned short bits;
};

inline float to_float(float x) {
    return x;
}

inline float to_float(float16 x) {
    _Float16 value;
    std::memcpy(&value, &x, sizeof value);
    return static_cast<float>(value);
}

inline float to_float(bfloat16 x) {
    const unsigned bits = static_cast<unsigned>(x.bits) << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

template <typename T>
T from_float(float x);

template <>
inline float from_float<float>(float x) {
    return x;
}

template <>
inline float16 from_float<float16>(float x) {
    const _Float16 value = static_cast<_Float16>(x);
    float16 stored;
    std::memcpy(&stored, &value, sizeof stored);
    return stored;
}

template <>
inline bfloat16 from_float<bfloat16>(float x) {
    unsigned bits;
    std::memcpy(&bits, &x, sizeof bits);
    if (x != x) {
        return {static_cast<unsigned short>(bits >> 16 | 0x40u)};
    }
    // To nearest, ties to even: just below half of the last place, and one more where that place is odd.
    return {static_cast<unsigned short>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16)};
}

// Two 16-bit values in a word, the low half first.
template <typename T>
inline unsigned pack(float low, float high) {
    return static_cast<unsigned>(from_float<T>(low).bits) | static_cast<unsigned>(from_float<T>(high).bits) << 16;
}

constexpr float NEGATIVE_INFINITY = -__builtin_inff();

struct alignas(8) float2 {
    float x, y;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(8) int2 {
    int x, y;
};
struct alignas(16) int4 {
    int x, y, z, w;
};
struct alignas(8) uint2 {
    unsigned x, y;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};

inline float2 make_float2(float x, float y) {
    return {x, y};
}
inline float4 make_float4(float x, float y, float z, float w) {
    return {x, y, z, w};
}
inline int2 make_int2(int x, int y) {
    return {x, y};
}
inline int4 make_int4(int x, int y, int z, int w) {
    return {x, y, z, w};
}
inline uint2 make_uint2(unsigned x, unsigned y) {
    return {x, y};
}
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) {
    return {x, y, z, w};
}

template <typename T>
inline float2 unpack(unsigned word) {
    return {to_float(T{static_cast<unsigned short>(word)}), to_float(T{static_cast<unsigned short>(word >> 16)})};
}
