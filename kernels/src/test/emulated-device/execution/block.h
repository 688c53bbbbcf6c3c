// One block of a launch: its threads as fibers, its barriers, its shared memory.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "../include/emulated/synchronisation.h"
#include "fiber.h"
#include "launch.h"
#include "shared_memory.h"

namespace emulated {

constexpr int WARP = 32;
constexpr int MAX_THREADS = 1024;

enum class State : unsigned char { NEW, READY, RUNNING, AT_BARRIER, AT_MEETING, EXITED };

struct PendingCopy {
    void* shared;
    const void* global;
    bool valid;
    int group;
};

struct Thread : ThreadView {
    State state;
    Fiber* fiber;
    // Where it waits, and for whom.
    const char* file;
    int line;
    const char* what;
    unsigned mask;
    Combine combine;
    void* operands;
    // Copies to shared memory that are not waited for yet, and how many groups of them are complete.
    std::vector<PendingCopy> copies;
    int committed_groups;
};

// A worker of the host: runs blocks one after another, on its own stacks.
class Worker {
public:
    Worker();

    // Runs one block to its end. Returns a CUresult; what went wrong was printed.
    int run_block(const Launch& launch, Index index);

    // The worker that the calling thread of the host is, or null.
    static Worker* current();
    // Makes the calling thread of the host this worker.
    void adopt();

    void barrier(const char* file, int line);
    void meet(unsigned mask, Combine combine, void* operands, const char* what, const char* file, int line);
    // Leaves the block unfinished.
    [[noreturn]] void abandon(int error);

    bool running() const { return launch_ != nullptr; }
    Thread& thread() { return static_cast<Thread&>(*emulated::current); }
    const Launch& launch() const { return *launch_; }
    const BlockView& view() const { return view_; }
    SharedMemory& shared() { return shared_; }
    bool stack_overflows_at(const void* address) const;
    // The top of a stack for what has to be done when the running one is used up.
    void* emergency_stack();

private:
    static void fiber_main();
    void run_threads();
    // The next thread that can run, releasing a barrier where all have come to it; null when the block is done.
    Thread* next();
    void yield();
    void resume(Fiber& from, Thread& to);
    void release_barrier();
    [[noreturn]] void report_deadlock();
    void shuffle_order();

    std::minstd_rand random_;
    BlockView view_{};
    const Launch* launch_ = nullptr;
    SharedMemory shared_;
    std::vector<Thread> threads_;
    int thread_count_ = 0;
    int exited_ = 0;
    int at_barrier_ = 0;
    // Threads that can run, the next one last. Lanes that a meeting freed go before the others.
    std::vector<Thread*> ready_;
    std::vector<std::unique_ptr<Fiber>> fibers_;
    std::vector<Fiber*> idle_;
    Fiber host_;
    int error_ = 0;
};

}  // namespace emulated
