// The calls on streams, but for their capture.
#include "capture.h"
#include "state.h"

using namespace emulated;

EMULATED_API CUresult cuStreamCreate(CUstream* handle, unsigned flags) {
    EMULATED_CALL
    auto* stream = new Stream;
    stream->blocking = !(flags & CU_STREAM_NON_BLOCKING);
    context().streams.insert(stream);
    *handle = stream;
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuStreamDestroy_v2(CUstream handle) {
    EMULATED_CALL
    if (handle == nullptr || stream_of(handle) == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (handle->capture) {
        Capture& capture = *handle->capture;
        capture.invalidated = true;
        capture.streams.erase(handle);
        if (capture.origin == handle) {
            captures().erase(&capture);
        }
    }
    context().streams.erase(handle);
    // Its work is still done; only, nobody can wait for this stream any more.
    context().orphans.emplace_back(handle);
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuStreamSynchronize(CUstream handle) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (stream->capture) {
        return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED));
    }
    return static_cast<CUresult>(drain(handle == nullptr ? synchronous_streams() : std::vector<Stream*>{stream}));
}

EMULATED_API CUresult cuStreamQuery(CUstream handle) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (stream->capture) {
        return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED));
    }
    if (stream->entries.empty()) {
        return CUDA_SUCCESS;
    }
    // Who asks again and again may expect the answer to change.
    const int error = drain({stream});
    return error != CUDA_SUCCESS ? static_cast<CUresult>(error) : CUDA_ERROR_NOT_READY;
}

EMULATED_API CUresult cuStreamWaitEvent(CUstream handle, CUevent event_handle, unsigned) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    const auto found = context().events.find(event_handle);
    if (stream == nullptr || found == context().events.end()) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    const std::shared_ptr<Event>& event = found->second;
    if (event->capture) {
        return static_cast<CUresult>(join(*stream, *event));
    }
    if (stream->capture) {
        return event->recorded == 0 ? CUDA_SUCCESS
                                    : static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_STREAM_CAPTURE_ISOLATION));
    }
    if (event->recorded > 0) {
        Entry entry;
        entry.awaited = event;
        entry.moment = event->recorded;
        stream->entries.push_back(std::move(entry));
    }
    return CUDA_SUCCESS;
}
