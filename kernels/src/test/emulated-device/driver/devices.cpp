// The one device, and the limits that it tells.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "architecture.h"
#include "device_memory.h"
#include "faults_of_device.h"
#include "state.h"

using namespace emulated;

namespace {

constexpr int DRIVER_VERSION = 13000;

int attribute(CUdevice_attribute name, int& value) {
    const Architecture& limits = architecture();
    switch (name) {
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: value = limits.major; break;
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: value = limits.minor; break;
        case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: value = MULTIPROCESSORS; break;
        case CU_DEVICE_ATTRIBUTE_WARP_SIZE: value = 32; break;
        case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y: value = 1024; break;
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z: value = 64; break;
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X: value = 0x7fffffff; break;
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z: value = 65535; break;
        case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR: value = limits.threads_per_multiprocessor; break;
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR: value = limits.blocks_per_multiprocessor; break;
        case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
        case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR: value = REGISTERS; break;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK: value = SHARED_WITHOUT_ASKING; break;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
            value = static_cast<int>(limits.shared_per_block);
            break;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR:
            value = static_cast<int>(limits.shared_per_multiprocessor);
            break;
        case CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK: value = SHARED_RESERVED; break;
        case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE: value = 4 << 20; break;
        case CU_DEVICE_ATTRIBUTE_CLOCK_RATE:
        case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE: value = 1000000; break;
        case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH: value = 64; break;
        case CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH:
        case CU_DEVICE_ATTRIBUTE_COMPUTE_MODE:
        case CU_DEVICE_ATTRIBUTE_INTEGRATED:
        case CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID:
        case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID:
        case CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID: value = 0; break;
        case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING: value = 1; break;
        default: return CUDA_ERROR_INVALID_VALUE;
    }
    return CUDA_SUCCESS;
}

CUresult known(CUdevice device) {
    if (!initialised) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    return device == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

}  // namespace

EMULATED_API CUresult cuInit(unsigned flags) {
    std::lock_guard<std::recursive_mutex> held(lock());
    if (flags != 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (!initialised) {
        tell_faults_of_device();
        initialised = true;
    }
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuDriverGetVersion(int* version) {
    const char* given = getenv("ART2MUS_EMULATED_DRIVER");
    *version = given == nullptr ? DRIVER_VERSION : atoi(given);
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuDeviceGetCount(int* count) {
    *count = 1;
    return initialised ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

EMULATED_API CUresult cuDeviceGet(CUdevice* device, int ordinal) {
    *device = ordinal;
    return known(ordinal);
}

EMULATED_API CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
    const Architecture& limits = architecture();
    snprintf(name, static_cast<size_t>(length), "emulated sm_%d%d", limits.major, limits.minor);
    return known(device);
}

EMULATED_API CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute name, CUdevice device) {
    const CUresult error = known(device);
    return error != CUDA_SUCCESS ? error : static_cast<CUresult>(attribute(name, *value));
}

EMULATED_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
    *bytes = device_memory().total();
    return known(device);
}

EMULATED_API CUresult cuDeviceGetUuid_v2(CUuuid* uuid, CUdevice device) {
    memcpy(uuid->bytes, "emulated device", sizeof uuid->bytes);
    return known(device);
}
