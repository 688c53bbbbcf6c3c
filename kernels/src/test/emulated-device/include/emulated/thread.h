// Where a thread of a kernel stands. One Thread a thread of the running block; the host's scheduler sets `current`
// before it lets one of them run.
#pragma once

#define EMULATED_EXPORT __attribute__((visibility("default")))

namespace emulated {

struct Index {
    unsigned x, y, z;
};

struct Block;
struct Thread;

// What all threads of a block can see. The scheduler's Block begins with it.
struct BlockView {
    Index index;
    Index block_dim;
    Index grid_dim;
    unsigned char* dynamic_shared;
};

struct ThreadView {
    Index index;
    const BlockView* block;
    int lane;
};

// The initial-exec model makes an access one instruction; fibers never change the host's thread, so that the compiler
// may keep its address across barriers.
extern EMULATED_EXPORT thread_local ThreadView* current __attribute__((tls_model("initial-exec")));

}  // namespace emulated

#define threadIdx (::emulated::current->index)
#define blockIdx (::emulated::current->block->index)
#define blockDim (::emulated::current->block->block_dim)
#define gridDim (::emulated::current->block->grid_dim)
