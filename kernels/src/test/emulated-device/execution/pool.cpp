// The device's own threads of the host. One of them does whatever the device is given; the others help it with the blocks
// of a launch, which on a GPU run in any order too. None is a thread of the JVM, so that a kernel's fault is never taken
// for one of Java's.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "block.h"
#include "launch.h"

namespace emulated {
namespace {

constexpr unsigned MOST_WORKERS = 8;
constexpr size_t SIGNAL_STACK = 64 * 1024;

unsigned worker_count() {
    if (const char* given = getenv("ART2MUS_EMULATED_THREADS")) {
        return static_cast<unsigned>(std::max(1, atoi(given)));
    }
    return std::max(1u, std::min(MOST_WORKERS, std::thread::hardware_concurrency()));
}

// The blocks of a launch, drawn in an order that is not the natural one and the same every time.
struct Blocks {
    const Launch& launch;
    unsigned long count;
    unsigned long step;
    std::atomic<unsigned long> drawn{0};
    std::atomic<int> error{0};

    explicit Blocks(const Launch& given)
        : launch(given), count(1ul * given.grid.x * given.grid.y * given.grid.z), step(1) {
        for (unsigned long candidate : {2654435761ul, 40503ul, 65537ul}) {
            if (std::gcd(candidate, count) == 1) {
                step = candidate % std::max(1ul, count);
                break;
            }
        }
    }

    void run_some(Worker& worker) {
        for (unsigned long i; error == 0 && (i = drawn++) < count;) {
            const unsigned long linear = (i * step + 1) % count;
            const Index index{static_cast<unsigned>(linear % launch.grid.x),
                              static_cast<unsigned>(linear / launch.grid.x % launch.grid.y),
                              static_cast<unsigned>(linear / launch.grid.x / launch.grid.y)};
            const int result = worker.run_block(launch, index);
            if (result != 0) {
                error = result;
            }
        }
    }
};

class Pool {
public:
    Pool() {
        const unsigned workers = worker_count();
        for (unsigned i = 0; i < workers; i++) {
            std::thread([this, i] {
                provide_signal_stack();
                Worker worker;
                worker.adopt();
                i == 0 ? lead(worker) : help(worker);
            }).detach();
        }
        helpers_ = workers - 1;
    }

    int on_device(const std::function<int()>& work) {
        std::unique_lock<std::mutex> lock(mutex_);
        free_.wait(lock, [this] { return work_ == nullptr; });
        work_ = &work;
        changed_.notify_all();
        done_.wait(lock, [this, &work] { return work_ != &work; });
        return result_;
    }

    // By the leading thread alone.
    int run(const Launch& launch) {
        Blocks blocks(launch);
        if (helpers_ == 0 || blocks.count == 1) {
            blocks.run_some(*Worker::current());
            return blocks.error;
        }
        {
            std::lock_guard<std::mutex> lock(mutex_);
            blocks_ = &blocks;
            round_++;
        }
        changed_.notify_all();
        blocks.run_some(*Worker::current());
        std::unique_lock<std::mutex> lock(mutex_);
        blocks_ = nullptr;
        idle_.wait(lock, [this] { return helping_ == 0; });
        return blocks.error;
    }

private:
    static void provide_signal_stack() {
        stack_t stack = {};
        stack.ss_sp = malloc(SIGNAL_STACK);
        stack.ss_size = SIGNAL_STACK;
        sigaltstack(&stack, nullptr);
    }

    [[noreturn]] void lead(Worker&) {
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return work_ != nullptr; });
            const std::function<int()>* work = work_;
            lock.unlock();
            const int result = (*work)();
            lock.lock();
            result_ = result;
            work_ = nullptr;
            done_.notify_all();
            free_.notify_one();
        }
    }

    [[noreturn]] void help(Worker& worker) {
        std::unique_lock<std::mutex> lock(mutex_);
        for (unsigned long seen = 0;;) {
            changed_.wait(lock, [&] { return round_ != seen && blocks_ != nullptr; });
            seen = round_;
            Blocks* blocks = blocks_;
            helping_++;
            lock.unlock();
            blocks->run_some(worker);
            lock.lock();
            if (--helping_ == 0) {
                idle_.notify_all();
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable done_;
    std::condition_variable free_;
    std::condition_variable idle_;
    const std::function<int()>* work_ = nullptr;
    int result_ = 0;
    Blocks* blocks_ = nullptr;
    unsigned long round_ = 0;
    unsigned helping_ = 0;
    unsigned helpers_ = 0;
};

// Never destroyed: its threads sleep in it when the process ends.
Pool& pool() {
    static Pool* pool = new Pool;
    return *pool;
}

}  // namespace

int on_device(const std::function<int()>& work) {
    return pool().on_device(work);
}

int run(const Launch& launch) {
    return pool().run(launch);
}

int run_parts(const char* name, unsigned parts, const std::function<void(unsigned)>& part) {
    if (parts == 0) {
        return 0;
    }
    const Launch launch{name, {parts, 1, 1}, {1, 1, 1}, 0, 0, [&part] { part(blockIdx.x); }};
    return run(launch);
}

}  // namespace emulated
