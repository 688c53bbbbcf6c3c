#include "fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

// Saves what the System V ABI says a call keeps (rbx, rbp, r12 to r15), stores the stack pointer where rdi points, takes
// the one in rsi, and returns on the other stack.
extern "C" void emulated_switch_stacks(void** saved, void* next);
asm(R"(
.text
.globl emulated_switch_stacks
.hidden emulated_switch_stacks
.type emulated_switch_stacks, @function
emulated_switch_stacks:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
.size emulated_switch_stacks, . - emulated_switch_stacks
)");

namespace emulated {
namespace {

constexpr size_t GUARD = 4096;

}  // namespace

void Fiber::allocate(size_t bytes, int colour) {
    void* memory = mmap(nullptr, bytes + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    mprotect(memory, GUARD, PROT_NONE);
    low_ = static_cast<char*>(memory) + GUARD;
    top_ = low_ + bytes - static_cast<size_t>(colour % 29) * 192;
}

void Fiber::prepare(void (*entry)()) {
#if defined(__SANITIZE_ADDRESS__)
    // What an abandoned run left poisoned.
    __asan_unpoison_memory_region(low_, static_cast<size_t>(top_ - low_));
    shadow_stack_ = nullptr;
#endif
    auto* slot = reinterpret_cast<uintptr_t*>(reinterpret_cast<uintptr_t>(top_) & ~uintptr_t{15});
    // At a function's first instruction the stack pointer is 8 past a multiple of 16, its return address on top.
    *--slot = 0;
    *--slot = reinterpret_cast<uintptr_t>(entry);
    for (int saved = 0; saved < 6; saved++) {
        *--slot = 0;
    }
    stack_pointer_ = slot;
}

bool Fiber::overflows_at(const void* address) const {
    const auto* at = static_cast<const char*>(address);
    return low_ != nullptr && at >= low_ - GUARD && at < low_;
}

#if defined(__SANITIZE_ADDRESS__)

namespace {

// The fiber that is being left and the one that is being entered, for the other side of a switch.
thread_local Fiber* leaving;
thread_local void* entering_shadow;

}  // namespace

void Fiber::switch_to(Fiber& from, Fiber& to) {
    leaving = &from;
    entering_shadow = to.shadow_stack_;
    // A host thread's own stack is known to the sanitizer; its bounds were kept when it was left.
    __sanitizer_start_switch_fiber(&from.shadow_stack_, to.low_, static_cast<size_t>(to.top_ - to.low_));
    emulated_switch_stacks(&from.stack_pointer_, to.stack_pointer_);
    entered();
}

void Fiber::entered() {
    const void* bottom;
    size_t size;
    __sanitizer_finish_switch_fiber(entering_shadow, &bottom, &size);
    if (leaving->low_ == nullptr) {
        leaving->low_ = static_cast<char*>(const_cast<void*>(bottom));
        leaving->top_ = leaving->low_ + size;
    }
}

#else

void Fiber::switch_to(Fiber& from, Fiber& to) {
    emulated_switch_stacks(&from.stack_pointer_, to.stack_pointer_);
}

void Fiber::entered() {}

#endif

}  // namespace emulated
