// Moments in streams.
#include "capture.h"
#include "state.h"

using namespace emulated;

namespace {

// The event of a handle, or null where there is none such.
std::shared_ptr<Event> event_of(CUevent handle) {
    const auto found = context().events.find(handle);
    return found == context().events.end() ? nullptr : found->second;
}

}  // namespace

EMULATED_API CUresult cuEventCreate(CUevent* handle, unsigned flags) {
    EMULATED_CALL
    const auto event = std::make_shared<Event>();
    event->timing = !(flags & CU_EVENT_DISABLE_TIMING);
    context().events[event.get()] = event;
    *handle = event.get();
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuEventDestroy_v2(CUevent handle) {
    EMULATED_CALL
    return context().events.erase(handle) == 1 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

EMULATED_API CUresult cuEventRecord(CUevent handle, CUstream stream_handle) {
    EMULATED_CALL
    const auto event = event_of(handle);
    Stream* stream = stream_of(stream_handle);
    if (event == nullptr || stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (stream->capture) {
        // It stands for a place in the graph, and no moment that the host could wait for.
        event->capture = stream->capture;
        event->captured_after = stream->captured_after;
        return CUDA_SUCCESS;
    }
    event->capture = nullptr;
    event->stream = stream;
    Entry entry;
    entry.recorded = event;
    entry.moment = ++event->recorded;
    stream->entries.push_back(std::move(entry));
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuEventSynchronize(CUevent handle) {
    EMULATED_CALL
    const auto event = event_of(handle);
    if (event == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (event->capture) {
        event->capture->invalidated = true;
        return CUDA_ERROR_CAPTURED_EVENT;
    }
    return static_cast<CUresult>(drain_until(*event, event->recorded));
}

EMULATED_API CUresult cuEventQuery(CUevent handle) {
    EMULATED_CALL
    const auto event = event_of(handle);
    if (event == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (event->capture) {
        event->capture->invalidated = true;
        return CUDA_ERROR_CAPTURED_EVENT;
    }
    if (event->passed == event->recorded) {
        return CUDA_SUCCESS;
    }
    const int error = drain_until(*event, event->recorded);
    return error != CUDA_SUCCESS ? static_cast<CUresult>(error) : CUDA_ERROR_NOT_READY;
}

EMULATED_API CUresult cuEventElapsedTime_v2(float* milliseconds, CUevent start_handle, CUevent end_handle) {
    EMULATED_CALL
    const auto start = event_of(start_handle);
    const auto end = event_of(end_handle);
    if (start == nullptr || end == nullptr || !start->timing || !end->timing || start->recorded == 0 || end->recorded == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (start->passed != start->recorded || end->passed != end->recorded) {
        return CUDA_ERROR_NOT_READY;
    }
    *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
    return CUDA_SUCCESS;
}
