// The limits of the architecture that is emulated (CUDA programming guide, "Technical specifications per compute
// capability"), chosen by ART2MUS_EMULATED_SM.
#pragma once

#include <cstddef>

namespace emulated {

struct Architecture {
    int major;
    int minor;
    // Bytes of shared memory that a block may have where it asks, and a multiprocessor has.
    size_t shared_per_block;
    size_t shared_per_multiprocessor;
    int threads_per_multiprocessor;
    int blocks_per_multiprocessor;
};

constexpr size_t SHARED_WITHOUT_ASKING = 48 * 1024;
constexpr size_t SHARED_RESERVED = 1024;
constexpr int MULTIPROCESSORS = 4;
constexpr int REGISTERS = 65536;

// One of sm_75 (too old for the project), 80, 86, 89, 90, 100, 120; sm_86 where the variable is not set.
const Architecture& architecture();

}  // namespace emulated
