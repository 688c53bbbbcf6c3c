#include "../include/emulated/async_copy.h"

#include <cstdint>
#include <cstring>

#include "block.h"

namespace emulated {
namespace {

constexpr size_t BYTES = 16;

bool aligned(const void* address) {
    return reinterpret_cast<uintptr_t>(address) % BYTES == 0;
}

}  // namespace

void async_copy_16(void* shared, const void* global, bool valid) {
    Worker& worker = *Worker::current();
    if (!aligned(shared) || (valid && !aligned(global))) {
        fault(MISALIGNED_ADDRESS, "copy_async_16 from %p to %p, which must be aligned to 16 bytes", global, shared);
    }
    if (!worker.shared().contains(shared, BYTES)) {
        fault(ILLEGAL_ADDRESS, "copy_async_16 to %p, which is not shared memory of this block", shared);
    }
    Thread& thread = worker.thread();
    memset(shared, 0xff, BYTES);
    thread.copies.push_back({shared, global, valid, thread.committed_groups});
}

void async_copy_commit() {
    Worker::current()->thread().committed_groups++;
}

void async_copy_wait(int groups_left) {
    Thread& thread = Worker::current()->thread();
    const int complete = thread.committed_groups - groups_left;
    size_t kept = 0;
    for (const PendingCopy& copy : thread.copies) {
        if (copy.group >= complete) {
            thread.copies[kept++] = copy;
        } else if (copy.valid) {
            memcpy(copy.shared, copy.global, BYTES);
        } else {
            memset(copy.shared, 0, BYTES);
        }
    }
    thread.copies.resize(kept);
}

}  // namespace emulated
