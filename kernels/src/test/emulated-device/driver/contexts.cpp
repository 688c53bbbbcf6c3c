// The primary context. Unlike a driver's, its end is an error where something made in it is still there.
#include <new>

#include "../execution/report.h"
#include "capture.h"
#include "device_memory.h"
#include "module.h"
#include "state.h"

using namespace emulated;

EMULATED_API CUresult cuDevicePrimaryCtxRetain(CUcontext* handle, CUdevice device) {
    std::lock_guard<std::recursive_mutex> held(lock());
    if (!initialised) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    if (device != 0) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    context().retained++;
    *handle = &context();
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    std::lock_guard<std::recursive_mutex> held(lock());
    if (device != 0) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    if (context().retained == 0) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    if (--context().retained > 0) {
        return CUDA_SUCCESS;
    }
    // After a kernel's fault nothing can be released one by one.
    const bool failed = context().sticky != CUDA_SUCCESS;
    const std::string left = failed ? "" : leaks();
    destroy_context();
    if (failed) {
        report("the context ends after a fault");
    }
    if (!left.empty()) {
        report("the context ends with %s that nobody released", left.c_str());
        return CUDA_ERROR_ILLEGAL_STATE;
    }
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned) {
    return device == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

EMULATED_API CUresult cuCtxSetCurrent(CUcontext handle) {
    std::lock_guard<std::recursive_mutex> held(lock());
    if (handle != nullptr && (handle != &context() || context().retained == 0)) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    is_current() = handle != nullptr;
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuCtxGetCurrent(CUcontext* handle) {
    std::lock_guard<std::recursive_mutex> held(lock());
    *handle = is_current() && context().retained > 0 ? &context() : nullptr;
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuCtxSynchronize() {
    EMULATED_CALL
    // Waits for captured streams too, whatever their mode.
    for (Capture* capture : captures()) {
        capture->invalidated = true;
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    return static_cast<CUresult>(drain(all_streams()));
}

namespace emulated {

void destroy_context() {
    Context& ended = context();
    captures().clear();
    device_memory().release_all();
    for (const auto& [address, bytes] : ended.pinned) {
        free_pinned(address, bytes);
    }
    for (Module* module : ended.modules) {
        delete module;
    }
    for (Graph* graph : ended.graphs) {
        delete graph;
    }
    for (GraphExec* graph : ended.graph_execs) {
        delete graph;
    }
    for (Stream* stream : ended.streams) {
        delete stream;
    }
    ended.~Context();
    new (&ended) Context;
}

}  // namespace emulated
