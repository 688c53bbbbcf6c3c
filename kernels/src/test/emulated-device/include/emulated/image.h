// What the emulated NVRTC gives for a cubin, and the driver loads: the name of a source that the build compiled, and its
// digest, so that nothing stale is taken from a cache.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <dlfcn.h>

namespace emulated {

constexpr char IMAGE_MAGIC[] = "kernels of the emulated device: ";

// FNV-1a, 64 bits: it tells versions of a file apart, and guards against nothing else.
inline std::string digest(const std::string& text) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char letter : text) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
    }
    char hex[17];
    snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
    return hex;
}

// The whole file; empty where there is none.
inline std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The folder of the compiled kernels, beside the library that `symbol` is of: NAME.cu and NAME.so.
inline std::string kernel_folder(const void* symbol) {
    Dl_info info;
    if (dladdr(symbol, &info) == 0) {
        abort();
    }
    const std::string path = info.dli_fname;
    return path.substr(0, path.rfind('/') + 1) + "kernels/";
}

inline std::string image_of(const std::string& name, const std::string& source) {
    return IMAGE_MAGIC + name + " " + digest(source);
}

}  // namespace emulated
