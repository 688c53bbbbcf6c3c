#include "shared_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "../include/emulated/shared.h"
#include "../include/emulated/synchronisation.h"
#include "block.h"
#include "poison.h"

namespace emulated {
namespace {

// More than any architecture has; twice for the gaps between variables.
constexpr size_t CAPACITY = 512 * 1024;
constexpr size_t PAGE = 4096;
constexpr size_t DYNAMIC_ALIGNMENT = 128;
constexpr size_t STATIC_LIMIT = 48 * 1024;
constexpr size_t GAP = 32;
constexpr unsigned char GAP_BYTE = 0xa5;
// As float32, float16 or bfloat16 it is NaN, and as an integer -1, which is no index.
constexpr unsigned char UNWRITTEN = 0xff;

}  // namespace

SharedMemory::SharedMemory() {
    void* memory = mmap(nullptr, 2 * (CAPACITY + PAGE), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    dynamic_end_ = static_cast<unsigned char*>(memory) + CAPACITY;
    mprotect(dynamic_end_, PAGE, PROT_NONE);
    dynamic_ = dynamic_end_;
    statics_ = dynamic_end_ + PAGE;
    mprotect(statics_ + CAPACITY, PAGE, PROT_NONE);
}

unsigned char* SharedMemory::begin(size_t dynamic_bytes) {
    unpoison(dynamic_, static_cast<size_t>(dynamic_end_ - dynamic_));
    unpoison(statics_, used_);
    used_ = 0;
    static_bytes_ = 0;
    variables_.clear();
    const size_t rounded = (dynamic_bytes + DYNAMIC_ALIGNMENT - 1) & ~(DYNAMIC_ALIGNMENT - 1);
    dynamic_ = dynamic_end_ - rounded;
    dynamic_bytes_ = dynamic_bytes;
    memset(dynamic_, UNWRITTEN, dynamic_bytes);
    poison(dynamic_ + dynamic_bytes, rounded - dynamic_bytes);
    return dynamic_;
}

void* SharedMemory::variable(const void* site, size_t bytes, size_t alignment, const char* name, const Launch& launch) {
    for (const Variable& known : variables_) {
        if (known.site == site) {
            return statics_ + known.offset;
        }
    }
    static_bytes_ = ((static_bytes_ + alignment - 1) & ~(alignment - 1)) + bytes;
    if (launch.static_shared && *launch.static_shared < static_bytes_) {
        *launch.static_shared = static_bytes_;
    }
    // A driver refuses to allow what does not fit beside the static bytes, which are not known here before.
    const size_t dynamic = std::max(dynamic_bytes_, launch.allowed_dynamic);
    if (static_bytes_ > STATIC_LIMIT || static_bytes_ + dynamic > launch.shared_limit) {
        fault(LAUNCH_FAILED, "%s makes it %zu bytes of static shared memory and %zu of dynamic; there are %zu and, in all, %zu",
              name, static_bytes_, dynamic, STATIC_LIMIT, launch.shared_limit);
    }
    // Aligned to what its type needs and, on purpose, to nothing more: a wider access has to ask for its alignment.
    size_t offset = (used_ + GAP + 2 * alignment - 1) & ~(2 * alignment - 1);
    offset += alignment;
    memset(statics_ + used_, GAP_BYTE, offset - used_);
    poison(statics_ + used_, offset - used_);
    memset(statics_ + offset, UNWRITTEN, bytes);
    memset(statics_ + offset + bytes, GAP_BYTE, GAP);
    poison(statics_ + offset + bytes, GAP);
    used_ = offset + bytes + GAP;
    variables_.push_back({site, offset, bytes, name});
    return statics_ + offset;
}

bool SharedMemory::contains(const void* address, size_t bytes) const {
    const auto* at = static_cast<const unsigned char*>(address);
    if (at >= dynamic_ && at + bytes <= dynamic_ + dynamic_bytes_) {
        return true;
    }
    for (const Variable& variable : variables_) {
        const unsigned char* start = statics_ + variable.offset;
        if (at >= start && at + bytes <= start + variable.bytes) {
            return true;
        }
    }
    return false;
}

const char* SharedMemory::overrun() const {
    for (const Variable& variable : variables_) {
        const unsigned char* end = statics_ + variable.offset + variable.bytes;
        unpoison(end, GAP);
        for (size_t i = 0; i < GAP; i++) {
            if (end[i] != GAP_BYTE) {
                return variable.name;
            }
        }
    }
    return nullptr;
}

void* static_shared(const void* site, size_t bytes, size_t alignment, const char* name) {
    Worker& worker = *Worker::current();
    return worker.shared().variable(site, bytes, alignment, name, worker.launch());
}

}  // namespace emulated
