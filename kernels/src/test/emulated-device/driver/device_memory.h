// The device's memory: addresses that the host cannot use, but while the device works.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace emulated {

class DeviceMemory {
public:
    // Between them, allocations may be read and written; one at a time.
    class Open {
    public:
        explicit Open(DeviceMemory& memory);
        ~Open();

    private:
        DeviceMemory& memory_;
    };

    // New memory, filled with NaN patterns, or 0 where there is not so much left. It begins at a multiple of 256, ends at
    // most 255 bytes before an inaccessible page, and its addresses are never given out again.
    uint64_t allocate(size_t bytes);

    // False where no allocation begins there.
    bool release(uint64_t address);

    void release_all();

    // Whether all the bytes lie in one allocation.
    bool contains(uint64_t address, size_t bytes) const;

    // Whether it is in an allocation, or just at its end.
    bool points_into(uint64_t address) const;

    // Whether the address is one that only the device may use, allocated or not.
    bool owns(uint64_t address) const;

    std::string describe(uint64_t address) const;

    // The allocation behind whose end something was written since it was made, or 0.
    uint64_t overrun() const;

    size_t total() const;
    size_t used() const { return used_; }
    size_t count() const { return allocations_.size(); }

private:
    struct Allocation {
        size_t bytes;
        uint64_t first_page;
        size_t pages_bytes;
    };
    using Allocations = std::map<uint64_t, Allocation>;

    void reserve();
    // The last allocation that begins at or before an address.
    Allocations::const_iterator before(uint64_t address) const;

    uint64_t base_ = 0;
    uint64_t next_ = 0;
    size_t used_ = 0;
    Allocations allocations_;
};

// The only device's.
DeviceMemory& device_memory();

}  // namespace emulated
