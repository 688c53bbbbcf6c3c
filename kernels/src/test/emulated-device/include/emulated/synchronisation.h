// Barriers and the meeting of a warp's lanes, on which shuffles, votes and tensor core operations stand.
#pragma once

#include "thread.h"

namespace emulated {

// Ends the launch: says on stderr which kernel, block and thread broke which rule, and makes `error` (a CUresult) the
// context's sticky error.
[[noreturn]] EMULATED_EXPORT void fault(int error, const char* format, ...) __attribute__((format(printf, 2, 3)));

// CUresult values that kernels bring about.
constexpr int ILLEGAL_ADDRESS = 700;
constexpr int MISALIGNED_ADDRESS = 716;
constexpr int LAUNCH_FAILED = 719;

// Waits until every thread of the block is at a barrier of the same place in the source.
EMULATED_EXPORT void barrier(const char* file, int line);

// What a warp does together: reads and writes every participating lane's operands, which lie on the lanes' stacks.
using Combine = void (*)(void* const operands[32], unsigned mask);

// Waits until all lanes of `mask` are here with the same operation; the last one to come carries it out for all.
EMULATED_EXPORT void meet(unsigned mask, Combine combine, void* operands, const char* what, const char* file, int line);

}  // namespace emulated

// The caller's line tells one barrier from another.
#define EMULATED_SITE const char *file = __builtin_FILE(), int line = __builtin_LINE()

inline void __syncthreads(EMULATED_SITE) {
    ::emulated::barrier(file, line);
}

inline void __syncwarp(unsigned mask = 0xffffffffu, EMULATED_SITE) {
    ::emulated::meet(mask, [](void* const*, unsigned) {}, nullptr, "__syncwarp", file, line);
}

inline void __threadfence() {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
