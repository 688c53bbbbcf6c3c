// Runs a grid of blocks on the host, and whatever else the device is given to do.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "../include/emulated/thread.h"

namespace emulated {

struct Launch {
    std::string name;
    Index grid;
    Index block;
    size_t dynamic_shared;
    // What a block may have in all, static and dynamic.
    size_t shared_limit;
    std::function<void()> thread;
    // Dynamic bytes that the kernel was allowed beyond what all are; 0 where it asked for none.
    size_t allowed_dynamic = 0;
    // Becomes the static bytes that its blocks were seen to have; may be null.
    std::shared_ptr<std::atomic<size_t>> static_shared = nullptr;
};

// Runs every thread of every block; to be called by the device's own thread. Returns a CUresult.
int run(const Launch& launch);

// Has the device's own thread call `work`, and waits for what it returns, a CUresult.
EMULATED_EXPORT int on_device(const std::function<int()>& work);

// Calls `part` for 0 to parts - 1 as a library's own kernel would be: in any order, on several threads of the host.
// To be called by the device's own thread. Returns a CUresult.
EMULATED_EXPORT int run_parts(const char* name, unsigned parts, const std::function<void(unsigned)>& part);

}  // namespace emulated
