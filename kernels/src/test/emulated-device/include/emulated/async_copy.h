// cp.async. Until it is waited for, a copy has not happened: its place holds NaN patterns, so that a kernel that reads
// too early computes NaN.
#pragma once

#include "thread.h"

namespace emulated {

EMULATED_EXPORT void async_copy_16(void* shared, const void* global, bool valid);
EMULATED_EXPORT void async_copy_commit();
EMULATED_EXPORT void async_copy_wait(int groups_left);

}  // namespace emulated

inline void copy_async_16(void* shared, const void* global, bool valid) {
    ::emulated::async_copy_16(shared, global, valid);
}

inline void copy_async_commit() {
    ::emulated::async_copy_commit();
}

template <int N>
inline void copy_async_wait() {
    ::emulated::async_copy_wait(N);
}
