// The shared memory of the block that a worker runs.
#pragma once

#include <cstddef>
#include <vector>

#include "launch.h"

namespace emulated {

class SharedMemory {
public:
    SharedMemory();

    // Begins a block: returns where `dynamic_bytes` lie, filled with NaN patterns. They end at an inaccessible page, or
    // less than 128 bytes before it.
    unsigned char* begin(size_t dynamic_bytes);

    void* variable(const void* site, size_t bytes, size_t alignment, const char* name, const Launch& launch);

    bool contains(const void* address, size_t bytes) const;

    // Ends a block: the name of a variable behind which something was written, or null.
    const char* overrun() const;

private:
    struct Variable {
        const void* site;
        size_t offset;
        size_t bytes;
        const char* name;
    };

    unsigned char* dynamic_;
    unsigned char* dynamic_end_;
    size_t dynamic_bytes_ = 0;
    unsigned char* statics_;
    size_t used_ = 0;
    // What the variables take on a GPU, without the gaps that are left here to see overruns.
    size_t static_bytes_ = 0;
    std::vector<Variable> variables_;
};

}  // namespace emulated
