#include "capture.h"

#include <algorithm>
#include <cstdio>

#include "state.h"

using namespace emulated;

namespace emulated {

std::set<Capture*>& captures() {
    static auto* captures = new std::set<Capture*>;
    return *captures;
}

int invalidate(Stream& stream, int error) {
    stream.capture->invalidated = true;
    return error;
}

int add_node(Stream& stream, std::shared_ptr<const Operation> operation) {
    Capture& capture = *stream.capture;
    if (capture.invalidated) {
        return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    }
    capture.graph->nodes.push_back({std::move(operation), stream.captured_after});
    stream.captured_after = {capture.graph->nodes.size() - 1};
    return CUDA_SUCCESS;
}

int join(Stream& stream, const Event& event) {
    if (stream.capture && stream.capture != event.capture) {
        stream.capture->invalidated = true;
        return invalidate(stream, CUDA_ERROR_STREAM_CAPTURE_MERGE);
    }
    if (!captures().count(event.capture.get())) {
        return CUDA_ERROR_CAPTURED_EVENT;
    }
    stream.capture = event.capture;
    stream.capture->streams.insert(&stream);
    for (const size_t node : event.captured_after) {
        if (std::find(stream.captured_after.begin(), stream.captured_after.end(), node) == stream.captured_after.end()) {
            stream.captured_after.push_back(node);
        }
    }
    return CUDA_SUCCESS;
}

namespace {

// Whether all that other streams recorded comes before what the origin's next node would.
bool joined(const Capture& capture) {
    std::vector<bool> reached(capture.graph->nodes.size());
    std::vector<size_t> open = capture.origin->captured_after;
    while (!open.empty()) {
        const size_t node = open.back();
        open.pop_back();
        if (!reached[node]) {
            reached[node] = true;
            const std::vector<size_t>& after = capture.graph->nodes[node].after;
            open.insert(open.end(), after.begin(), after.end());
        }
    }
    return std::all_of(reached.begin(), reached.end(), [](bool node) { return node; });
}

}  // namespace
}  // namespace emulated

EMULATED_API CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (handle == nullptr) {
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    if (stream->capture) {
        return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_ILLEGAL_STATE));
    }
    auto capture = std::make_shared<Capture>();
    capture->origin = stream;
    capture->mode = mode;
    capture->thread = std::this_thread::get_id();
    capture->graph = std::make_unique<Graph>();
    capture->streams.insert(stream);
    captures().insert(capture.get());
    stream->captured_after.clear();
    stream->capture = std::move(capture);
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuStreamEndCapture(CUstream handle, CUgraph* graph) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    *graph = nullptr;
    const std::shared_ptr<Capture> capture = stream->capture;
    if (!capture) {
        return CUDA_ERROR_ILLEGAL_STATE;
    }
    if (capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED && capture->thread != std::this_thread::get_id()) {
        return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD));
    }
    if (capture->origin != stream) {
        return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED));
    }
    const bool complete = joined(*capture);
    for (Stream* part : capture->streams) {
        part->capture = nullptr;
        part->captured_after.clear();
    }
    captures().erase(capture.get());
    if (capture->invalidated) {
        return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    }
    if (!complete) {
        return CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
    }
    *graph = capture->graph.release();
    context().graphs.insert(*graph);
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status) {
    EMULATED_CALL
    const Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    *status = !stream->capture               ? CU_STREAM_CAPTURE_STATUS_NONE
              : stream->capture->invalidated ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                                             : CU_STREAM_CAPTURE_STATUS_ACTIVE;
    return CUDA_SUCCESS;
}
