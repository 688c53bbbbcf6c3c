#include "state.h"

#include <thread>

#include "../execution/report.h"
#include "capture.h"
#include "device_memory.h"
#include "module.h"

namespace emulated {

bool initialised = false;

bool Context::is_pinned(const void* address, size_t bytes) const {
    const auto at = reinterpret_cast<uint64_t>(address);
    auto found = pinned.upper_bound(at);
    if (found == pinned.begin()) {
        return false;
    }
    --found;
    return at + bytes <= found->first + found->second;
}

Context& context() {
    static Context* context = new Context;
    return *context;
}

std::recursive_mutex& lock() {
    static std::recursive_mutex* mutex = new std::recursive_mutex;
    return *mutex;
}

bool& is_current() {
    static thread_local bool current = false;
    return current;
}

int usable() {
    if (!initialised) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    if (!is_current() || context().retained == 0) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    return context().sticky;
}

int forbidden_in_capture(const char* call) {
    for (Capture* capture : captures()) {
        const bool forbids = capture->mode == CU_STREAM_CAPTURE_MODE_GLOBAL ||
                             (capture->mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL &&
                              capture->thread == std::this_thread::get_id());
        if (forbids) {
            report("%s is not allowed while a stream is captured", call);
            capture->invalidated = true;
            return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        }
    }
    return CUDA_SUCCESS;
}

std::string leaks() {
    const Context& ended = context();
    std::string text;
    const auto count = [&text](size_t number, const char* what) {
        if (number > 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + what;
        }
    };
    count(device_memory().count(), "allocations");
    count(ended.pinned.size(), "pinned allocations");
    count(ended.streams.size(), "streams");
    count(ended.events.size(), "events");
    count(ended.modules.size(), "modules");
    count(ended.graphs.size(), "graphs");
    count(ended.graph_execs.size(), "executable graphs");
    return text;
}

}  // namespace emulated
