// Kernels that the build compiled for the host.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "../include/emulated/kernel.h"
#include "architecture.h"

namespace emulated {

struct Module;

struct Function {
    const Kernel* kernel;
    size_t dynamic_shared_limit = SHARED_WITHOUT_ASKING;
    // Bytes that its blocks have statically, once one was launched.
    std::shared_ptr<std::atomic<size_t>> static_shared = std::make_shared<std::atomic<size_t>>(0);
};

struct Module {
    std::vector<Function> functions;
};

}  // namespace emulated
