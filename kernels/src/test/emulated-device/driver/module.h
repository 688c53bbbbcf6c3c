// Kernels that the build compiled for the host.
#pragma once

#include <string>
#include <vector>

#include "../include/emulated/kernel.h"
#include "architecture.h"

namespace emulated {

struct Module;

struct Function {
    const Kernel* kernel;
    size_t dynamic_shared_limit = SHARED_WITHOUT_ASKING;
};

struct Module {
    std::vector<Function> functions;
};

}  // namespace emulated
