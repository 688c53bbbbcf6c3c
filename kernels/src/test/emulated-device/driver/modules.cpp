// Loads what NVRTC's stand-in gave. Code for a GPU is refused as a GPU refuses what was not compiled for it.
#include <dlfcn.h>

#include <algorithm>
#include <cstring>

#include "../execution/report.h"
#include "../include/emulated/image.h"
#include "module.h"
#include "state.h"

using namespace emulated;

namespace {

const char marker = 0;

// The entries of NAME.so: an array that ends with an entry without a name.
const Kernel* kernels_of(const std::string& name) {
    const std::string path = kernel_folder(&marker) + name + ".so";
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        report("%s", dlerror());
        return nullptr;
    }
    return static_cast<const Kernel*>(dlsym(library, "emulated_kernels"));
}

CUresult load(Module** handle, const void* image) {
    const auto* text = static_cast<const char*>(image);
    const size_t magic = sizeof IMAGE_MAGIC - 1;
    if (strncmp(text, IMAGE_MAGIC, magic) != 0) {
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    }
    const std::string rest = text + magic;
    const std::string name = rest.substr(0, rest.find(' '));
    const std::string source = read_file(kernel_folder(&marker) + name + ".cu");
    if (source.empty() || image_of(name, source) != text) {
        report("%s.cu has changed since this was compiled", name.c_str());
        return CUDA_ERROR_INVALID_IMAGE;
    }
    const Kernel* kernels = kernels_of(name);
    if (kernels == nullptr) {
        return CUDA_ERROR_INVALID_IMAGE;
    }
    auto* module = new Module;
    for (const Kernel* kernel = kernels; kernel->name != nullptr; kernel++) {
        module->functions.push_back({kernel});
    }
    context().modules.insert(module);
    *handle = module;
    return CUDA_SUCCESS;
}

CUresult find(Function** handle, Module* module, const char* name) {
    if (!context().modules.count(module)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    for (Function& function : module->functions) {
        if (strcmp(function.kernel->name, name) == 0) {
            *handle = &function;
            return CUDA_SUCCESS;
        }
    }
    return CUDA_ERROR_NOT_FOUND;
}

CUresult unload(Module* module) {
    if (context().modules.erase(module) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    delete module;
    return CUDA_SUCCESS;
}

}  // namespace

EMULATED_API CUresult cuModuleLoadData(CUmodule* handle, const void* image) {
    EMULATED_CALL
    const int forbidden = forbidden_in_capture("cuModuleLoadData");
    return forbidden ? static_cast<CUresult>(forbidden) : load(handle, image);
}

EMULATED_API CUresult cuModuleLoadDataEx(CUmodule* handle, const void* image, unsigned, int*, void**) {
    return cuModuleLoadData(handle, image);
}

EMULATED_API CUresult cuModuleUnload(CUmodule handle) {
    EMULATED_CALL
    return unload(handle);
}

EMULATED_API CUresult cuModuleGetFunction(CUfunction* handle, CUmodule module, const char* name) {
    EMULATED_CALL
    return find(handle, module, name);
}

EMULATED_API CUresult cuModuleGetGlobal_v2(CUdeviceptr*, size_t*, CUmodule, const char*) {
    return CUDA_ERROR_NOT_SUPPORTED;
}

EMULATED_API CUresult cuLibraryLoadData(CUlibrary* handle, const void* image, int*, void**, unsigned, int*, void**, unsigned) {
    return cuModuleLoadData(handle, image);
}

EMULATED_API CUresult cuLibraryUnload(CUlibrary handle) {
    return cuModuleUnload(handle);
}

EMULATED_API CUresult cuLibraryGetKernel(CUkernel* handle, CUlibrary library, const char* name) {
    return cuModuleGetFunction(handle, library, name);
}

EMULATED_API CUresult cuKernelGetFunction(CUfunction* function, CUkernel kernel) {
    *function = kernel;
    return CUDA_SUCCESS;
}
