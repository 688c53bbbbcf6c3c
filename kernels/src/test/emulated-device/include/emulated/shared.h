// Shared memory. The build writes every `__shared__ T name[n];` of a kernel as a reference to what static_shared gives,
// because a thread_local array would be nothing that could be filled, bounded and counted a block.
#pragma once

#include <cstddef>

#include "thread.h"

namespace emulated {

// The variable of this block that is declared at `site`: made, and filled with NaN patterns, for the first thread that
// asks.
EMULATED_EXPORT void* static_shared(const void* site, size_t bytes, size_t alignment, const char* name);

// `Site` is a type of its own at every declaration, and in every instance of a template.
template <typename T, typename Site>
inline T& shared_variable(size_t alignment, const char* name) {
    static const char site = 0;
    return *static_cast<T*>(static_shared(&site, sizeof(T), alignment, name));
}

}  // namespace emulated

#define DYNAMIC_SHARED(name) unsigned char* const name = ::emulated::current->block->dynamic_shared
