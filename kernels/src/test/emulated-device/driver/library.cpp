#include "library.h"

#include <cstring>

#include "../execution/report.h"
#include "device_memory.h"
#include "state.h"

namespace emulated {

int enqueue(CUstream handle, const char* name, std::function<int()> work) {
    EMULATED_CALL
    Stream* stream = stream_of(handle);
    return stream == nullptr ? CUDA_ERROR_INVALID_HANDLE
                             : append(*stream, CU_GRAPH_NODE_TYPE_KERNEL, name, std::move(work));
}

bool require_memory(const char* name, const char* operand, const void* address, size_t bytes) {
    const auto at = reinterpret_cast<uint64_t>(address);
    if (device_memory().contains(at, bytes) || context().is_pinned(address, bytes)) {
        return true;
    }
    report("%s: %s is %zu bytes from %p on, %s", name, operand, bytes, address,
            device_memory().describe(at).c_str());
    return false;
}

void scribble(void* address, size_t bytes) {
    memset(address, 0xff, bytes);
}

}  // namespace emulated
