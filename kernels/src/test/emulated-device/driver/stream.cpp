#include "stream.h"


#include "../execution/launch.h"
#include "../execution/report.h"
#include "capture.h"
#include "device_memory.h"
#include "state.h"

namespace emulated {
namespace {

int run_entries(Stream& stream, const std::function<bool()>& enough);

// By the device's own thread, as all below.
int run_up_to(Event& event, unsigned long moment) {
    if (event.passed >= moment) {
        return CUDA_SUCCESS;
    }
    return run_entries(*event.stream, [&event, moment] { return event.passed >= moment; });
}

int run_entries(Stream& stream, const std::function<bool()>& enough) {
    while (!stream.entries.empty() && !enough()) {
        const Entry entry = stream.entries.front();
        stream.entries.pop_front();
        if (entry.awaited) {
            if (const int error = run_up_to(*entry.awaited, entry.moment)) {
                return error;
            }
        } else if (entry.recorded) {
            entry.recorded->passed = entry.moment;
            entry.recorded->time = std::chrono::steady_clock::now();
        } else if (const int error = entry.operation->run()) {
            return error;
        }
    }
    return CUDA_SUCCESS;
}

bool all_done(const std::vector<Stream*>& streams) {
    for (const Stream* stream : streams) {
        if (!stream->entries.empty()) {
            return false;
        }
    }
    return true;
}

}  // namespace

// Has the device work with its memory open, and keeps what goes wrong.
int run_at_once(const std::function<int()>& what) {
    const int error = on_device([&what] {
        const DeviceMemory::Open open(device_memory());
        const int result = what();
        if (result != CUDA_SUCCESS) {
            return result;
        }
        if (const uint64_t written = device_memory().overrun()) {
            report("something was written behind the end of the allocation at %#llx",
                    static_cast<unsigned long long>(written));
            return static_cast<int>(CUDA_ERROR_ILLEGAL_ADDRESS);
        }
        return static_cast<int>(CUDA_SUCCESS);
    });
    if (error != CUDA_SUCCESS) {
        context().sticky = error;
        // A device that failed does nothing more.
        for (Stream* stream : all_streams()) {
            stream->entries.clear();
        }
    }
    return error;
}

Stream* stream_of(CUstream handle) {
    if (handle == nullptr) {
        return &context().legacy;
    }
    return context().streams.count(handle) ? handle : nullptr;
}

int append(Stream& stream, CUgraphNodeType type, std::string name, std::function<int()> run) {
    auto operation = std::make_shared<Operation>(Operation{type, std::move(name), std::move(run)});
    if (stream.capture) {
        return add_node(stream, std::move(operation));
    }
    Entry entry;
    entry.operation = std::move(operation);
    stream.entries.push_back(std::move(entry));
    return CUDA_SUCCESS;
}

int drain(const std::vector<Stream*>& streams) {
    if (all_done(streams)) {
        return CUDA_SUCCESS;
    }
    return run_at_once([&streams] {
        for (Stream* stream : streams) {
            if (const int error = run_entries(*stream, [] { return false; })) {
                return error;
            }
        }
        return static_cast<int>(CUDA_SUCCESS);
    });
}

int drain_until(Event& event, unsigned long moment) {
    if (event.passed >= moment) {
        return CUDA_SUCCESS;
    }
    return run_at_once([&event, moment] { return run_up_to(event, moment); });
}

std::vector<Stream*> synchronous_streams() {
    std::vector<Stream*> streams{&context().legacy};
    for (Stream* stream : context().streams) {
        if (stream->blocking) {
            streams.push_back(stream);
        }
    }
    return streams;
}

std::vector<Stream*> all_streams() {
    std::vector<Stream*> streams{&context().legacy};
    streams.insert(streams.end(), context().streams.begin(), context().streams.end());
    for (const auto& orphan : context().orphans) {
        streams.push_back(orphan.get());
    }
    return streams;
}

int run_synchronously(const std::function<int()>& what) {
    if (const int error = drain(synchronous_streams())) {
        return error;
    }
    return run_at_once(what);
}

}  // namespace emulated
