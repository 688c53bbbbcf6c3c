// Kernels and their launches.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "../execution/launch.h"
#include "../execution/report.h"
#include "architecture.h"
#include "device_memory.h"
#include "module.h"
#include "state.h"

using namespace emulated;

namespace {

constexpr unsigned MAX_GRID_YZ = 65535;
constexpr int MAX_THREADS = 1024;

bool is_function(const Function* function) {
    for (const Module* module : context().modules) {
        for (const Function& known : module->functions) {
            if (&known == function) {
                return true;
            }
        }
    }
    return false;
}

// An argument that no GPU could use, said now that the kernel would run.
int check_pointers(const Kernel& kernel, const std::vector<unsigned char>& slots) {
    for (int i = 0; i < kernel.parameter_count; i++) {
        const Parameter& parameter = kernel.parameters[i];
        if (!parameter.pointer) {
            continue;
        }
        uint64_t address;
        memcpy(&address, slots.data() + static_cast<size_t>(i) * PARAMETER_SLOT, sizeof address);
        if (address == 0) {
            continue;
        }
        if (!device_memory().points_into(address) && !context().is_pinned(reinterpret_cast<void*>(address), 0)) {
            report("kernel %s: parameter %d is %#llx, %s", kernel.name, i,
                    static_cast<unsigned long long>(address), device_memory().describe(address).c_str());
            return CUDA_ERROR_ILLEGAL_ADDRESS;
        }
        if (address % parameter.pointee_alignment != 0) {
            report("kernel %s: parameter %d is %#llx, which is not aligned to %zu bytes", kernel.name,
                    i, static_cast<unsigned long long>(address), parameter.pointee_alignment);
            return CUDA_ERROR_MISALIGNED_ADDRESS;
        }
    }
    return CUDA_SUCCESS;
}

// The arguments are read when a kernel is launched or captured, as a driver does.
std::vector<unsigned char> copy_arguments(const Kernel& kernel, void* const* arguments) {
    std::vector<unsigned char> slots(static_cast<size_t>(kernel.parameter_count + 1) * PARAMETER_SLOT);
    for (int i = 0; i < kernel.parameter_count; i++) {
        memcpy(slots.data() + static_cast<size_t>(i) * PARAMETER_SLOT, arguments[i], kernel.parameters[i].bytes);
    }
    return slots;
}

// Whether the device was to be lost after so many kernels, ART2MUS_EMULATED_LOST_AFTER, and has run them.
bool is_lost(const Kernel& kernel) {
    static const char* given = getenv("ART2MUS_EMULATED_LOST_AFTER");
    static long left = given == nullptr ? -1 : atol(given);
    if (left != 0) {
        left -= left > 0;
        return false;
    }
    report("kernel %s: the device is lost, as was asked for", kernel.name);
    return true;
}

size_t allowed_dynamic(const Function& function) {
    return function.dynamic_shared_limit > SHARED_WITHOUT_ASKING ? function.dynamic_shared_limit : 0;
}

CUresult check_shape(const Function& function, Index grid, Index block, size_t shared) {
    const uint64_t threads = uint64_t{block.x} * block.y * block.z;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || threads == 0 || grid.x > 0x7fffffffu || grid.y > MAX_GRID_YZ ||
        grid.z > MAX_GRID_YZ || block.x > MAX_THREADS || block.y > MAX_THREADS || block.z > 64 || threads > MAX_THREADS) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const Kernel& kernel = *function.kernel;
    if (threads > static_cast<uint64_t>(kernel.max_threads)) {
        report("kernel %s is launched with %llu threads a block and bound to %d", kernel.name,
                static_cast<unsigned long long>(threads), kernel.max_threads);
        return CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
    }
    if (shared > function.dynamic_shared_limit) {
        report("kernel %s is launched with %zu bytes of dynamic shared memory and may have %zu",
                kernel.name, shared, function.dynamic_shared_limit);
        return CUDA_ERROR_INVALID_VALUE;
    }
    return CUDA_SUCCESS;
}

}  // namespace

EMULATED_API CUresult cuFuncGetAttribute(int* value, CUfunction_attribute attribute, CUfunction function) {
    EMULATED_CALL
    if (!is_function(function)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    const int version = architecture().major * 10 + architecture().minor;
    switch (attribute) {
        case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK: *value = function->kernel->max_threads; break;
        case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES: *value = static_cast<int>(function->dynamic_shared_limit); break;
        case CU_FUNC_ATTRIBUTE_PTX_VERSION:
        case CU_FUNC_ATTRIBUTE_BINARY_VERSION: *value = version; break;
        // What only a compiler for GPUs knows.
        case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES: *value = static_cast<int>(*function->static_shared); break;
        case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES: *value = 0; break;
        case CU_FUNC_ATTRIBUTE_NUM_REGS: *value = REGISTERS / std::max(32, function->kernel->max_threads) / 8 * 8; break;
        default: return CUDA_ERROR_NOT_SUPPORTED;
    }
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuFuncSetAttribute(CUfunction function, CUfunction_attribute attribute, int value) {
    EMULATED_CALL
    if (!is_function(function)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    switch (attribute) {
        case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
            if (value < 0 || static_cast<size_t>(value) + *function->static_shared > architecture().shared_per_block) {
                report("kernel %s asks for %d bytes of shared memory beside %zu static ones; sm_%d%d has %zu",
                        function->kernel->name, value, function->static_shared->load(), architecture().major,
                        architecture().minor, architecture().shared_per_block);
                return CUDA_ERROR_INVALID_VALUE;
            }
            function->dynamic_shared_limit = static_cast<size_t>(value);
            return CUDA_SUCCESS;
        case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
            return value >= -1 && value <= 100 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
        default: return CUDA_ERROR_INVALID_VALUE;
    }
}

EMULATED_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction function, int threads, size_t shared) {
    EMULATED_CALL
    if (!is_function(function) || threads <= 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const Architecture& limits = architecture();
    const auto by_shared = static_cast<int>(limits.shared_per_multiprocessor / (shared + SHARED_RESERVED));
    *blocks = std::min({limits.blocks_per_multiprocessor, limits.threads_per_multiprocessor / threads, by_shared});
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                                     unsigned block_y, unsigned block_z, unsigned shared, CUstream stream_handle,
                                     void** arguments, void** extra) {
    EMULATED_CALL
    Stream* stream = stream_of(stream_handle);
    if (stream == nullptr || !is_function(function)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (extra != nullptr) {
        return CUDA_ERROR_NOT_SUPPORTED;
    }
    const Index grid{grid_x, grid_y, grid_z};
    const Index block{block_x, block_y, block_z};
    const CUresult error = check_shape(*function, grid, block, shared);
    if (error != CUDA_SUCCESS) {
        return error;
    }
    // A kernel's code stays when its module is unloaded, so that work that waits finds it.
    const Kernel& kernel = *function->kernel;
    auto slots = std::make_shared<const std::vector<unsigned char>>(copy_arguments(kernel, arguments));
    auto launch = std::make_shared<const Launch>(Launch{kernel.name, grid, block, shared, architecture().shared_per_block,
                                                        [slots, &kernel] { kernel.run(slots->data()); },
                                                        allowed_dynamic(*function), function->static_shared});
    return static_cast<CUresult>(append(*stream, CU_GRAPH_NODE_TYPE_KERNEL, kernel.name, [launch, slots, &kernel] {
        const int wrong = is_lost(kernel) ? CUDA_ERROR_LAUNCH_FAILED : check_pointers(kernel, *slots);
        return wrong != CUDA_SUCCESS ? wrong : run(*launch);
    }));
}

EMULATED_API CUresult cuLaunchCooperativeKernel(CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                                                CUstream, void**) {
    // Blocks run one after another here: they could not wait for each other.
    return CUDA_ERROR_NOT_SUPPORTED;
}
