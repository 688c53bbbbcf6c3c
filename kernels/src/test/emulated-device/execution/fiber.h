// Stacks that the scheduler switches between, a few nanoseconds a switch: one for every thread of a block that waits.
#pragma once

#include <cstddef>

namespace emulated {

class Fiber {
public:
    Fiber() = default;
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    // Gives the fiber a stack, with an inaccessible page below it. `colour` shifts its top, for stacks at equal distances
    // would fight for the same lines of the cache.
    void allocate(size_t bytes, int colour);

    // Makes the next switch to this fiber call `entry`, which never returns.
    void prepare(void (*entry)());

    // Whether an address lies in the page below the stack.
    bool overflows_at(const void* address) const;

    // Leaves `from`, which is the running one, for `to`. Returns when something switches back to `from`.
    static void switch_to(Fiber& from, Fiber& to);

    // What an entry calls first: tells AddressSanitizer that the switch to this fiber is complete.
    static void entered();

private:
    void* stack_pointer_ = nullptr;
    char* low_ = nullptr;
    char* top_ = nullptr;
    // AddressSanitizer's own stack of this fiber.
    void* shadow_stack_ = nullptr;
};

}  // namespace emulated
