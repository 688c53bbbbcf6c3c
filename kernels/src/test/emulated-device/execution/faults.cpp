#include "faults.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "block.h"
#include "report.h"

namespace emulated {

std::string (*describe_address)(const void* address);
bool (*is_device_address)(const void* address);

namespace {

struct sigaction previous_segv;
struct sigaction previous_bus;
thread_local const void* faulting_address;
thread_local bool faulting_write;

constexpr int PAGE_FAULT_WRITE = 2;

// Where a kernel that touched what it must not goes on, on a stack that is certain to have room.
[[noreturn]] void land() {
    Worker& worker = *Worker::current();
    if (worker.stack_overflows_at(faulting_address)) {
        fault(LAUNCH_FAILED, "the thread's local memory is used up");
    }
    if (faulting_address == nullptr) {
        fault(ILLEGAL_ADDRESS, "access to address 0, or to no address at all");
    }
    fault(ILLEGAL_ADDRESS, "%s of %p, %s", faulting_write ? "write" : "read", faulting_address,
          describe_address(faulting_address).c_str());
}

void pass_on(const struct sigaction& previous, int signal, siginfo_t* info, void* context) {
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(signal, info, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(signal);
    } else {
        // The access is repeated, and then ends the process.
        sigaction(signal, &previous, nullptr);
    }
}

void on_signal(int signal, siginfo_t* info, void* context) {
    Worker* worker = Worker::current();
    if (worker == nullptr || !worker->running() || emulated::current == nullptr) {
        if (is_device_address(info->si_addr)) {
            static const char text[] = "emulated device: the host reads or writes device memory through its address\n";
            [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
        }
        pass_on(signal == SIGBUS ? previous_bus : previous_segv, signal, info, context);
        return;
    }
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    faulting_address = info->si_addr;
    faulting_write = registers[REG_ERR] & PAGE_FAULT_WRITE;
    registers[REG_RIP] = reinterpret_cast<greg_t>(land);
    // As if land had been called: 8 past a multiple of 16.
    registers[REG_RSP] = reinterpret_cast<greg_t>(worker->emergency_stack()) - 8;
}

}  // namespace

void install_fault_handler() {
    struct sigaction action = {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous_segv);
    sigaction(SIGBUS, &action, &previous_bus);
}

void fault(int error, const char* format, ...) {
    Worker& worker = *Worker::current();
    const Index block = worker.view().index;
    // Where all threads wait, the one that came last speaks for them.
    const Index thread = emulated::current->index;
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    report("kernel %s, block (%u, %u, %u), thread (%u, %u, %u): %s",
            worker.launch().name.c_str(), block.x, block.y, block.z, thread.x, thread.y, thread.z, text);
    worker.abandon(error);
}

// What -fsanitize=alignment calls where an access is not aligned to its type; the layout is that of GCC's runtime.
struct SourceLocation {
    const char* file;
    uint32_t line;
    uint32_t column;
};

struct TypeDescriptor {
    uint16_t kind;
    uint16_t info;
    char name[1];
};

struct TypeMismatch {
    SourceLocation where;
    const TypeDescriptor* type;
    unsigned char log_alignment;
    unsigned char check_kind;
};

extern "C" EMULATED_EXPORT void __ubsan_handle_type_mismatch_v1(TypeMismatch* data, uintptr_t address) {
    fault(MISALIGNED_ADDRESS, "%s:%u: %s at %#zx is not aligned to %u bytes", data->where.file, data->where.line,
          data->type->name, address, 1u << data->log_alignment);
}

extern "C" EMULATED_EXPORT void __ubsan_handle_type_mismatch_v1_abort(TypeMismatch* data, uintptr_t address) {
    __ubsan_handle_type_mismatch_v1(data, address);
}

}  // namespace emulated
