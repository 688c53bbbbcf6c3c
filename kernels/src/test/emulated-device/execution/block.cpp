#include "block.h"
#include "report.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace emulated {

thread_local ThreadView* current;

namespace {

// Enough for a kernel's local arrays; a block of 1024 threads that all wait holds as many stacks.
#if defined(__SANITIZE_ADDRESS__)
constexpr size_t STACK = 256 * 1024;
#else
constexpr size_t STACK = 64 * 1024;
#endif
constexpr size_t EMERGENCY_STACK = 64 * 1024;
constexpr int LANE_ORDERS = 64;

thread_local Worker* this_worker;

unsigned seed() {
    const char* given = getenv("ART2MUS_EMULATED_SEED");
    return given == nullptr ? 1 : static_cast<unsigned>(strtoul(given, nullptr, 10));
}

using LaneOrder = std::array<unsigned char, WARP>;

// Orders of a warp's lanes, drawn once: to shuffle anew for every warp and barrier would take longer than most kernels.
const std::vector<LaneOrder>& lane_orders() {
    static const std::vector<LaneOrder>* orders = [] {
        std::minstd_rand random(seed());
        auto* made = new std::vector<LaneOrder>(LANE_ORDERS);
        for (LaneOrder& order : *made) {
            for (int lane = 0; lane < WARP; lane++) {
                order[static_cast<size_t>(lane)] = static_cast<unsigned char>(lane);
            }
            std::shuffle(order.begin(), order.end(), random);
        }
        return made;
    }();
    return *orders;
}

}  // namespace

Worker::Worker() : threads_(MAX_THREADS) {
    for (Thread& thread : threads_) {
        thread.block = &view_;
    }
}

Worker* Worker::current() {
    return this_worker;
}

void Worker::adopt() {
    this_worker = this;
}

int Worker::run_block(const Launch& launch, Index index) {
    const Index dim = launch.block;
    const bool same_shape = memcmp(&view_.block_dim, &dim, sizeof dim) == 0;
    thread_count_ = static_cast<int>(dim.x * dim.y * dim.z);
    view_ = {index, dim, launch.grid, shared_.begin(launch.dynamic_shared)};
    for (int i = 0; i < thread_count_; i++) {
        Thread& thread = threads_[static_cast<size_t>(i)];
        thread.state = State::NEW;
        thread.copies.clear();
        thread.committed_groups = 0;
        if (!same_shape) {
            const auto linear = static_cast<unsigned>(i);
            thread.index = {linear % dim.x, linear / dim.x % dim.y, linear / dim.x / dim.y};
            thread.lane = i % WARP;
        }
    }
    launch_ = &launch;
    error_ = 0;
    exited_ = 0;
    at_barrier_ = 0;
    // A block's order is its own, whichever worker of the host runs it.
    random_.seed(seed() + index.x * 7919u + index.y * 104729u + index.z * 1299709u);
    idle_.clear();
    for (const auto& fiber : fibers_) {
        idle_.push_back(fiber.get());
    }
    shuffle_order();
    run_threads();
    if (error_ == 0) {
        if (const char* name = shared_.overrun()) {
            report("kernel %s, block (%u, %u, %u): something was written behind %s in shared memory",
                    launch.name.c_str(), index.x, index.y, index.z, name);
            error_ = ILLEGAL_ADDRESS;
        }
    }
    launch_ = nullptr;
    emulated::current = nullptr;
    return error_;
}

void Worker::run_threads() {
    resume(host_, *next());
}

void Worker::fiber_main() {
    Fiber::entered();
    Worker& worker = *this_worker;
    Fiber* fiber = worker.thread().fiber;
    for (;;) {
        worker.launch_->thread();
        worker.thread().state = State::EXITED;
        worker.exited_++;
        Thread* to = worker.next();
        if (to == nullptr) {
            Fiber::switch_to(*fiber, worker.host_);
        } else if (to->state == State::NEW) {
            // Threads that never wait run one after another on one stack.
            to->fiber = fiber;
            to->state = State::RUNNING;
            emulated::current = to;
        } else {
            worker.idle_.push_back(fiber);
            worker.resume(*fiber, *to);
        }
    }
}

Thread* Worker::next() {
    if (ready_.empty()) {
        if (exited_ == thread_count_) {
            return nullptr;
        }
        if (at_barrier_ != thread_count_) {
            report_deadlock();
        }
        release_barrier();
    }
    Thread* thread = ready_.back();
    ready_.pop_back();
    return thread;
}

void Worker::resume(Fiber& from, Thread& to) {
    if (to.state == State::NEW) {
        if (idle_.empty()) {
            fibers_.push_back(std::make_unique<Fiber>());
            fibers_.back()->allocate(STACK, static_cast<int>(fibers_.size()));
            idle_.push_back(fibers_.back().get());
        }
        to.fiber = idle_.back();
        idle_.pop_back();
        to.fiber->prepare(fiber_main);
    }
    to.state = State::RUNNING;
    emulated::current = &to;
    Fiber::switch_to(from, *to.fiber);
}

void Worker::yield() {
    Thread& from = thread();
    Thread* to = next();
    if (to == &from) {
        to->state = State::RUNNING;
        return;
    }
    resume(*from.fiber, *to);
}

void Worker::shuffle_order() {
    const int warps = (thread_count_ + WARP - 1) / WARP;
    std::array<int, MAX_THREADS / WARP> order;
    for (int warp = 0; warp < warps; warp++) {
        order[static_cast<size_t>(warp)] = warp;
    }
    std::shuffle(order.begin(), order.begin() + warps, random_);
    ready_.clear();
    for (int i = 0; i < warps; i++) {
        for (int lane : lane_orders()[random_() % LANE_ORDERS]) {
            const int thread = order[static_cast<size_t>(i)] * WARP + lane;
            if (thread < thread_count_) {
                ready_.push_back(&threads_[static_cast<size_t>(thread)]);
            }
        }
    }
}

void Worker::barrier(const char* file, int line) {
    Thread& mine = thread();
    mine.state = State::AT_BARRIER;
    mine.file = file;
    mine.line = line;
    at_barrier_++;
    yield();
}

void Worker::release_barrier() {
    const Thread& first = threads_[0];
    for (int i = 1; i < thread_count_; i++) {
        const Thread& other = threads_[static_cast<size_t>(i)];
        if (other.line != first.line || strcmp(other.file, first.file) != 0) {
            fault(LAUNCH_FAILED, "diverging barrier: thread 0 waits at %s:%d, thread %d at %s:%d", first.file, first.line, i,
                  other.file, other.line);
        }
    }
    at_barrier_ = 0;
    for (int i = 0; i < thread_count_; i++) {
        threads_[static_cast<size_t>(i)].state = State::READY;
    }
    shuffle_order();
}

void Worker::meet(unsigned mask, Combine combine, void* operands, const char* what, const char* file, int line) {
    Thread& mine = thread();
    Thread* warp = &mine - mine.lane;
    mine.state = State::AT_MEETING;
    mine.file = file;
    mine.line = line;
    mine.what = what;
    mine.mask = mask;
    mine.combine = combine;
    mine.operands = operands;
    if (!(mask >> mine.lane & 1u)) {
        fault(LAUNCH_FAILED, "%s at %s:%d: lane %d is not in its own mask %08x", what, file, line, mine.lane, mask);
    }
    const int lanes = std::min<int>(WARP, thread_count_ - static_cast<int>(warp - threads_.data()));
    for (int lane = WARP - 1; lane >= 0; lane--) {
        if (!(mask >> lane & 1u)) {
            continue;
        }
        if (lane >= lanes || warp[lane].state == State::EXITED) {
            fault(LAUNCH_FAILED, "%s at %s:%d: lane %d of the mask %08x is %s", what, file, line, lane, mask,
                  lane >= lanes ? "beyond the block's threads" : "no longer running");
        }
        if (warp[lane].state != State::AT_MEETING) {
            yield();
            return;
        }
    }
    void* all[WARP] = {};
    for (int lane = 0; lane < lanes; lane++) {
        const Thread& other = warp[lane];
        if (!(mask >> lane & 1u)) {
            continue;
        }
        if (other.mask != mask || other.combine != combine || other.line != line || other.what != what) {
            fault(LAUNCH_FAILED, "diverging warp: lane %d is at %s (mask %08x) at %s:%d, lane %d at %s (mask %08x) at %s:%d",
                  mine.lane, what, mask, file, line, lane, other.what, other.mask, other.file, other.line);
        }
        all[lane] = other.operands;
    }
    combine(all, mask);
    for (int lane : lane_orders()[random_() % LANE_ORDERS]) {
        if (mask >> lane & 1u && lane != mine.lane) {
            warp[lane].state = State::READY;
            ready_.push_back(&warp[lane]);
        }
    }
    mine.state = State::RUNNING;
}

void Worker::report_deadlock() {
    int exited = -1;
    int at_barrier = -1;
    int at_meeting = -1;
    for (int i = thread_count_ - 1; i >= 0; i--) {
        switch (threads_[static_cast<size_t>(i)].state) {
            case State::EXITED:
                exited = i;
                break;
            case State::AT_BARRIER:
                at_barrier = i;
                break;
            default:
                at_meeting = i;
        }
    }
    if (at_meeting >= 0) {
        const Thread& waiting = threads_[static_cast<size_t>(at_meeting)];
        fault(LAUNCH_FAILED, "diverging warp: thread %d waits at %s (mask %08x) at %s:%d for lanes that do not come", at_meeting,
              waiting.what, waiting.mask, waiting.file, waiting.line);
    }
    const Thread& waiting = threads_[static_cast<size_t>(at_barrier)];
    fault(LAUNCH_FAILED, "diverging barrier: thread %d waits at %s:%d, thread %d has ended without coming there", at_barrier,
          waiting.file, waiting.line, exited);
}

void Worker::abandon(int error) {
    error_ = error;
    Fiber::switch_to(*thread().fiber, host_);
    abort();
}

bool Worker::stack_overflows_at(const void* address) const {
    return std::any_of(fibers_.begin(), fibers_.end(), [&](const auto& fiber) { return fiber->overflows_at(address); });
}

void* Worker::emergency_stack() {
    static thread_local unsigned char* stack = static_cast<unsigned char*>(aligned_alloc(64, EMERGENCY_STACK));
    return stack + EMERGENCY_STACK;
}

void barrier(const char* file, int line) {
    this_worker->barrier(file, line);
}

void meet(unsigned mask, Combine combine, void* operands, const char* what, const char* file, int line) {
    this_worker->meet(mask, combine, operands, what, file, line);
}

}  // namespace emulated
