#include "device_memory.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "../execution/poison.h"

namespace emulated {
namespace {

// Addresses are not memory: enough never to use one twice in a test run.
constexpr size_t RESERVED = size_t{1} << 40;
constexpr size_t DEFAULT_TOTAL = size_t{8} << 30;
constexpr size_t PAGE = 4096;
constexpr size_t ALIGNMENT = 256;
// As float32, float16 or bfloat16 it is NaN.
constexpr unsigned char UNWRITTEN = 0xff;
constexpr unsigned char BEHIND = 0xa5;

void* pointer(uint64_t address) {
    return reinterpret_cast<void*>(address);
}

size_t round_up(size_t bytes, size_t multiple) {
    return (bytes + multiple - 1) / multiple * multiple;
}

}  // namespace

DeviceMemory::Open::Open(DeviceMemory& memory) : memory_(memory) {
    for (const auto& [address, allocation] : memory_.allocations_) {
        mprotect(pointer(allocation.first_page), allocation.pages_bytes, PROT_READ | PROT_WRITE);
    }
}

DeviceMemory::Open::~Open() {
    for (const auto& [address, allocation] : memory_.allocations_) {
        mprotect(pointer(allocation.first_page), allocation.pages_bytes, PROT_NONE);
    }
}

void DeviceMemory::reserve() {
    void* memory = mmap(nullptr, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("emulated device: no addresses");
        abort();
    }
    base_ = reinterpret_cast<uint64_t>(memory);
    next_ = base_ + PAGE;
}

size_t DeviceMemory::total() const {
    const char* given = getenv("ART2MUS_EMULATED_MEMORY");
    return given == nullptr ? DEFAULT_TOTAL : strtoull(given, nullptr, 10);
}

uint64_t DeviceMemory::allocate(size_t bytes) {
    if (base_ == 0) {
        reserve();
    }
    const size_t rounded = round_up(bytes, ALIGNMENT);
    const size_t pages = round_up(rounded, PAGE);
    if (bytes > total() || used_ + rounded > total() || next_ + pages + PAGE > base_ + RESERVED) {
        return 0;
    }
    const uint64_t first_page = next_;
    next_ += pages + PAGE;
    mprotect(pointer(first_page), pages, PROT_READ | PROT_WRITE);
    const uint64_t address = first_page + pages - rounded;
    poison(pointer(first_page), address - first_page);
    memset(pointer(address), UNWRITTEN, bytes);
    memset(pointer(address + bytes), BEHIND, rounded - bytes);
    poison(pointer(address + bytes), rounded - bytes);
    mprotect(pointer(first_page), pages, PROT_NONE);
    allocations_[address] = {bytes, first_page, pages};
    used_ += rounded;
    return address;
}

bool DeviceMemory::release(uint64_t address) {
    const auto found = allocations_.find(address);
    if (found == allocations_.end()) {
        return false;
    }
    const Allocation& allocation = found->second;
    madvise(pointer(allocation.first_page), allocation.pages_bytes, MADV_DONTNEED);
    mprotect(pointer(allocation.first_page), allocation.pages_bytes, PROT_NONE);
    unpoison(pointer(allocation.first_page), allocation.pages_bytes);
    used_ -= round_up(allocation.bytes, ALIGNMENT);
    allocations_.erase(found);
    return true;
}

void DeviceMemory::release_all() {
    while (!allocations_.empty()) {
        release(allocations_.begin()->first);
    }
}

DeviceMemory::Allocations::const_iterator DeviceMemory::before(uint64_t address) const {
    const auto after = allocations_.upper_bound(address);
    return after == allocations_.begin() ? allocations_.end() : std::prev(after);
}

bool DeviceMemory::contains(uint64_t address, size_t bytes) const {
    const auto found = before(address);
    return found != allocations_.end() && address + bytes >= address &&
           address + bytes <= found->first + found->second.bytes;
}

bool DeviceMemory::points_into(uint64_t address) const {
    return contains(address, 0);
}

bool DeviceMemory::owns(uint64_t address) const {
    return base_ != 0 && address >= base_ && address < base_ + RESERVED;
}

std::string DeviceMemory::describe(uint64_t address) const {
    if (!owns(address)) {
        return "which is no memory of the device";
    }
    const auto found = before(address);
    if (found == allocations_.end()) {
        return "before every allocation, or in one that was freed";
    }
    char text[160];
    snprintf(text, sizeof text, "%llu bytes from the start of an allocation of %zu, or in one that was freed",
             static_cast<unsigned long long>(address - found->first), found->second.bytes);
    return text;
}

uint64_t DeviceMemory::overrun() const {
#if !defined(__SANITIZE_ADDRESS__)
    for (const auto& [address, allocation] : allocations_) {
        const auto* end = static_cast<const unsigned char*>(pointer(address)) + allocation.bytes;
        for (size_t i = 0; i < round_up(allocation.bytes, ALIGNMENT) - allocation.bytes; i++) {
            if (end[i] != BEHIND) {
                return address;
            }
        }
    }
#endif
    return 0;
}

DeviceMemory& device_memory() {
    static DeviceMemory* memory = new DeviceMemory;
    return *memory;
}

}  // namespace emulated
