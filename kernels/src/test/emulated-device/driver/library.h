// What the driver gives to the libraries that stand on it.
#pragma once

#include <functional>

#include "../include/emulated/thread.h"
#include "abi.h"

namespace emulated {

// Appends a library's work to the stream, or to the graph that it is captured into. Returns a CUresult.
EMULATED_EXPORT int enqueue(CUstream stream, const char* name, std::function<int()> work);

// What the work itself asks first: whether so many bytes are there now. Says on stderr which operand of what is not.
EMULATED_EXPORT bool require_memory(const char* name, const char* operand, const void* address, size_t bytes);

// The bytes are overwritten, as a library's own scratch is, with NaN patterns.
EMULATED_EXPORT void scribble(void* address, size_t bytes);

}  // namespace emulated
