// What the driver knows: the one context there can be, and everything that was made in it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "abi.h"
#include "stream.h"

namespace emulated {

// The primary context of the only device.
struct Context {
    int retained = 0;
    // What a kernel did wrong; every later call fails with it, as on a GPU.
    int sticky = CUDA_SUCCESS;
    // The legacy default stream, whose handle is null.
    Stream legacy;
    std::set<Stream*> streams;
    // Destroyed with work in them, which is still to be done.
    std::vector<std::unique_ptr<Stream>> orphans;
    std::map<Event*, std::shared_ptr<Event>> events;
    std::set<Module*> modules;
    std::set<Graph*> graphs;
    std::set<GraphExec*> graph_execs;
    // Pinned memory of the host, by its address.
    std::map<uint64_t, size_t> pinned;

    // Whether all the bytes lie in one pinned allocation.
    bool is_pinned(const void* address, size_t bytes) const;
};

extern bool initialised;

Context& context();

// Held by every call of the driver.
std::recursive_mutex& lock();

// What a call that needs a context begins with: an error where it is not initialised, the calling thread has no context,
// or a kernel failed before.
int usable();

// What a call begins with that waits, or does something that a captured graph could not repeat: fails, and spoils the
// capture, where one is under way that forbids it.
int forbidden_in_capture(const char* call);

// Whether the calling thread made the context current.
bool& is_current();

// What is still there when the context ends; empty where all was released.
std::string leaks();

// Forgets all.
void destroy_context();

void free_pinned(uint64_t address, size_t bytes);

}  // namespace emulated

// Begins a function of the driver.
#define EMULATED_CALL                                                     \
    std::lock_guard<std::recursive_mutex> emulated_lock(emulated::lock()); \
    if (const int unusable = emulated::usable()) {                        \
        return static_cast<CUresult>(unusable);                           \
    }
