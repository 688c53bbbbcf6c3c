// Memory of the device, pinned memory of the host, copies and fills.
#include <sys/mman.h>

#include <cstring>

#include "../execution/report.h"
#include "capture.h"
#include "device_memory.h"
#include "state.h"

using namespace emulated;

namespace emulated {

void free_pinned(uint64_t address, size_t bytes) {
    munmap(reinterpret_cast<void*>(address), bytes);
}

}  // namespace emulated

namespace {

void* pointer(uint64_t address) {
    return reinterpret_cast<void*>(address);
}

bool on_device_memory(CUdeviceptr address, size_t bytes) {
    return bytes == 0 || device_memory().contains(address, bytes);
}

// What is still there when a copy or a fill was asked for may be gone when it is done.
int gone(const char* what) {
    report("%s of memory that was freed before it was done", what);
    return CUDA_ERROR_ILLEGAL_ADDRESS;
}

CUresult fill(Stream& stream, CUdeviceptr address, size_t count, size_t width, unsigned value) {
    if (address % width != 0 || !on_device_memory(address, count * width)) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    return static_cast<CUresult>(append(stream, CU_GRAPH_NODE_TYPE_MEMSET, "memset", [=] {
        if (!on_device_memory(address, count * width)) {
            return gone("a memset");
        }
        if (width == 1) {
            memset(pointer(address), static_cast<int>(value), count);
        } else {
            auto* words = static_cast<unsigned*>(pointer(address));
            for (size_t i = 0; i < count; i++) {
                words[i] = value;
            }
        }
        return static_cast<int>(CUDA_SUCCESS);
    }));
}

// A copy between the device and memory of the host, in either direction.
CUresult copy(CUstream handle, void* target, const void* source, CUdeviceptr device, const void* host, size_t bytes) {
    Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (!on_device_memory(device, bytes) || host == nullptr) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (context().is_pinned(host, 0) && !context().is_pinned(host, bytes)) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const bool pinned = context().is_pinned(host, bytes);
    if (!pinned) {
        // Memory that the device cannot reach is copied before the call returns, which nothing captured can do.
        if (stream->capture) {
            return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED));
        }
        if (const int error = drain({stream})) {
            return static_cast<CUresult>(error);
        }
        return static_cast<CUresult>(run_at_once([=] {
            memcpy(target, source, bytes);
            return static_cast<int>(CUDA_SUCCESS);
        }));
    }
    return static_cast<CUresult>(append(*stream, CU_GRAPH_NODE_TYPE_MEMCPY, "memcpy", [=] {
        if (!on_device_memory(device, bytes) || !context().is_pinned(host, bytes)) {
            return gone("a copy");
        }
        memcpy(target, source, bytes);
        return static_cast<int>(CUDA_SUCCESS);
    }));
}

CUresult copy_now(void* target, const void* source, CUdeviceptr device, const void* host, size_t bytes) {
    if (!on_device_memory(device, bytes) || host == nullptr) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    return static_cast<CUresult>(run_synchronously([=] {
        memcpy(target, source, bytes);
        return static_cast<int>(CUDA_SUCCESS);
    }));
}

}  // namespace

#define FORBIDDEN_IN_CAPTURE(call)                              \
    if (const int forbidden = forbidden_in_capture(call)) {     \
        return static_cast<CUresult>(forbidden);                \
    }

EMULATED_API CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
    EMULATED_CALL
    *total = device_memory().total();
    *free = *total - device_memory().used();
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemAlloc")
    if (bytes == 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    *address = device_memory().allocate(bytes);
    return *address == 0 ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

EMULATED_API CUresult cuMemFree_v2(CUdeviceptr address) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemFree")
    return address == 0 || device_memory().release(address) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

EMULATED_API CUresult cuMemHostAlloc(void** address, size_t bytes, unsigned) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemHostAlloc")
    if (bytes == 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    memset(memory, 0xff, bytes);
    context().pinned[reinterpret_cast<uint64_t>(memory)] = bytes;
    *address = memory;
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuMemFreeHost(void* address) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemFreeHost")
    const auto found = context().pinned.find(reinterpret_cast<uint64_t>(address));
    if (found == context().pinned.end()) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    free_pinned(found->first, found->second);
    context().pinned.erase(found);
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuMemsetD8Async(CUdeviceptr address, unsigned char value, size_t count, CUstream handle) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    return stream == nullptr ? CUDA_ERROR_INVALID_HANDLE : fill(*stream, address, count, 1, value);
}

EMULATED_API CUresult cuMemsetD32Async(CUdeviceptr address, unsigned value, size_t count, CUstream handle) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    return stream == nullptr ? CUDA_ERROR_INVALID_HANDLE : fill(*stream, address, count, 4, value);
}

EMULATED_API CUresult cuMemsetD8_v2(CUdeviceptr address, unsigned char value, size_t count) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemsetD8")
    return fill(context().legacy, address, count, 1, value);
}

EMULATED_API CUresult cuMemsetD32_v2(CUdeviceptr address, unsigned value, size_t count) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemsetD32")
    return fill(context().legacy, address, count, 4, value);
}

EMULATED_API CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void* source, size_t bytes) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemcpyHtoD")
    return copy_now(pointer(target), source, target, source, bytes);
}

EMULATED_API CUresult cuMemcpyDtoH_v2(void* target, CUdeviceptr source, size_t bytes) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemcpyDtoH")
    return copy_now(target, pointer(source), source, target, bytes);
}

EMULATED_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, size_t bytes, CUstream stream) {
    EMULATED_CALL
    return copy(stream, pointer(target), source, target, source, bytes);
}

EMULATED_API CUresult cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, size_t bytes, CUstream stream) {
    EMULATED_CALL
    return copy(stream, target, pointer(source), source, target, bytes);
}

EMULATED_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream handle) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    if (stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (!on_device_memory(target, bytes) || !on_device_memory(source, bytes)) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    return static_cast<CUresult>(append(*stream, CU_GRAPH_NODE_TYPE_MEMCPY, "memcpy", [=] {
        if (!on_device_memory(target, bytes) || !on_device_memory(source, bytes)) {
            return gone("a copy");
        }
        memmove(pointer(target), pointer(source), bytes);
        return static_cast<int>(CUDA_SUCCESS);
    }));
}

EMULATED_API CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
    EMULATED_CALL
    FORBIDDEN_IN_CAPTURE("cuMemcpyDtoD")
    // A copy within the device does not make the host wait; it is merely in order.
    return cuMemcpyDtoDAsync_v2(target, source, bytes, nullptr);
}
