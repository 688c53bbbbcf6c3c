// What kernels use of a GPU beyond CUDA C++ itself: storage types of 16 bits, tensor cores, asynchronous copies.
//
// Needs no other header, so that NVRTC compiles it on a machine without a toolkit. The emulated device of the tests has a header
// of the same name and the same words that gives them their meaning on the host; no kernel knows which of the two it was given.
// For sm_80 and newer.
#pragma once

// IEEE half precision, as it lies in memory.
struct float16 {
    unsigned short bits;
};

// The upper half of a float32, as it lies in memory.
struct bfloat16 {
    unsigned short bits;
};

#define NEGATIVE_INFINITY __uint_as_float(0xff800000u)

// Declares the block's dynamic shared memory. 128 bytes suit every load and ldmatrix.
#define DYNAMIC_SHARED(name) extern __shared__ __align__(128) unsigned char name[]

// ---- storage types ----

__device__ __forceinline__ float to_float(float x) {
    return x;
}

__device__ __forceinline__ float to_float(float16 x) {
    float y;
    asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
    return y;
}

__device__ __forceinline__ float to_float(bfloat16 x) {
    return __uint_as_float((unsigned)x.bits << 16);
}

// Rounds to nearest, ties to even; what float16 cannot hold becomes an infinity.
template <typename T>
__device__ __forceinline__ T from_float(float x);

template <>
__device__ __forceinline__ float from_float<float>(float x) {
    return x;
}

template <>
__device__ __forceinline__ float16 from_float<float16>(float x) {
    float16 y;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
    return y;
}

template <>
__device__ __forceinline__ bfloat16 from_float<bfloat16>(float x) {
    bfloat16 y;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
    return y;
}

// Two 16-bit values in a word, the low half first in memory.
template <typename T>
__device__ __forceinline__ unsigned pack(float low, float high);

template <>
__device__ __forceinline__ unsigned pack<float16>(float low, float high) {
    unsigned word;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(high), "f"(low));
    return word;
}

template <>
__device__ __forceinline__ unsigned pack<bfloat16>(float low, float high) {
    unsigned word;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(high), "f"(low));
    return word;
}

template <typename T>
__device__ __forceinline__ float2 unpack(unsigned word) {
    const T low = {(unsigned short)(word & 0xffff)};
    const T high = {(unsigned short)(word >> 16)};
    return make_float2(to_float(low), to_float(high));
}

// ---- tensor cores ----

// d [16, 8] += a [16, 16] b [16, 8] by a warp; which lane holds what is PTX's mma.m16n8k16 fragment layout.
template <typename T>
__device__ __forceinline__ void mma_m16n8k16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]);

template <>
__device__ __forceinline__ void mma_m16n8k16<float16>(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

template <>
__device__ __forceinline__ void mma_m16n8k16<bfloat16>(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

__device__ __forceinline__ unsigned shared_address(const void* shared) {
    return (unsigned)__cvta_generic_to_shared(shared);
}

// Matrices of 8×8 16-bit values from shared memory. Lane i gives the address of row i % 8 of matrix i / 8 (lanes beyond the last
// matrix are not asked); it must be aligned to 16 bytes. Lane i gets elements 2 (i % 4) and the next of row i / 4 of each.
__device__ __forceinline__ void ldmatrix_x4(unsigned (&r)[4], const void* shared) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(shared))
                 : "memory");
}

__device__ __forceinline__ void ldmatrix_x4_transposed(unsigned (&r)[4], const void* shared) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(shared))
                 : "memory");
}

__device__ __forceinline__ void ldmatrix_x2(unsigned (&r)[2], const void* shared) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
                 : "=r"(r[0]), "=r"(r[1])
                 : "r"(shared_address(shared))
                 : "memory");
}

__device__ __forceinline__ void ldmatrix_x2_transposed(unsigned (&r)[2], const void* shared) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
                 : "=r"(r[0]), "=r"(r[1])
                 : "r"(shared_address(shared))
                 : "memory");
}

// ---- asynchronous copies ----

// Copies 16 bytes, both sides aligned to 16, past the registers; zeros where not valid (global is then not read, but must still be
// an address). Visible to this thread after copy_async_wait, to the block after a barrier that follows it.
__device__ __forceinline__ void copy_async_16(void* shared, const void* global, bool valid) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)),
                 "l"(__cvta_generic_to_global(global)), "r"(valid ? 16 : 0)
                 : "memory");
}

// Closes the group of copies begun since the last one.
__device__ __forceinline__ void copy_async_commit() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most N of this thread's groups are still under way.
template <int N>
__device__ __forceinline__ void copy_async_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
}
