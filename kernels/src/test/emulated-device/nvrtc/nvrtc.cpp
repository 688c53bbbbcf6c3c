// NVRTC's stand-in. It compiles nothing: a source that the build compiled for the host is recognised by its text, and its
// "cubin" names it to the driver. Any other source is an error that says to build again.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "../include/emulated/image.h"

#define EMULATED_API extern "C" __attribute__((visibility("default")))

namespace {

using namespace emulated;

enum Result { SUCCESS = 0, INVALID_INPUT = 3, INVALID_PROGRAM = 4, COMPILATION = 6, NO_LOWERED_NAMES = 8 };

const char marker = 0;

struct Program {
    std::string source;
    std::string name;
    // Named headers, but for the one that has a host version.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string log;
    std::string image;
};

// Without folder and ending.
std::string stem(const std::string& name) {
    const std::string file = name.substr(name.rfind('/') + 1);
    return file.substr(0, file.rfind('.'));
}

std::string fault(const Program& program) {
    const std::string folder = kernel_folder(&marker);
    if (read_file(folder + stem(program.name) + ".cu") != program.source) {
        return program.name + "(1): error: the emulated device was not built from this source; build the project again";
    }
    for (const auto& [name, text] : program.headers) {
        const std::string known = read_file(folder + name);
        if (!known.empty() && known != text) {
            return name + "(1): error: the emulated device was not built from this header; build the project again";
        }
    }
    return "";
}

Result give(const std::string& text, size_t* size) {
    *size = text.size() + 1;
    return SUCCESS;
}

Result give(const std::string& text, char* target) {
    memcpy(target, text.c_str(), text.size() + 1);
    return SUCCESS;
}

}  // namespace

EMULATED_API Result nvrtcVersion(int* major, int* minor) {
    // No version of NVIDIA's, so that nothing compiled here is ever taken from a cache for code of a GPU.
    *major = 13;
    *minor = 99;
    return SUCCESS;
}

EMULATED_API const char* nvrtcGetErrorString(Result result) {
    switch (result) {
        case SUCCESS: return "NVRTC_SUCCESS";
        case INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
        case INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
        case COMPILATION: return "NVRTC_ERROR_COMPILATION";
        case NO_LOWERED_NAMES: return "NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION";
    }
    return "NVRTC_ERROR unknown";
}

EMULATED_API Result nvrtcGetNumSupportedArchs(int* count) {
    *count = 6;
    return SUCCESS;
}

EMULATED_API Result nvrtcGetSupportedArchs(int* architectures) {
    const int known[] = {80, 86, 89, 90, 100, 120};
    std::copy(std::begin(known), std::end(known), architectures);
    return SUCCESS;
}

EMULATED_API Result nvrtcCreateProgram(Program** program, const char* source, const char* name, int header_count,
                                       const char* const* headers, const char* const* header_names) {
    if (source == nullptr) {
        return INVALID_INPUT;
    }
    *program = new Program;
    (*program)->source = source;
    (*program)->name = name == nullptr ? "default_program" : name;
    for (int i = 0; i < header_count; i++) {
        if (strcmp(header_names[i], "device.cuh") != 0) {
            (*program)->headers.emplace_back(header_names[i], headers[i]);
        }
    }
    return SUCCESS;
}

EMULATED_API Result nvrtcDestroyProgram(Program** program) {
    delete *program;
    *program = nullptr;
    return SUCCESS;
}

EMULATED_API Result nvrtcCompileProgram(Program* program, int, const char* const*) {
    program->log = fault(*program);
    if (!program->log.empty()) {
        return COMPILATION;
    }
    program->image = image_of(stem(program->name), program->source);
    return SUCCESS;
}

EMULATED_API Result nvrtcGetProgramLogSize(Program* program, size_t* size) {
    return give(program->log, size);
}

EMULATED_API Result nvrtcGetProgramLog(Program* program, char* log) {
    return give(program->log, log);
}

EMULATED_API Result nvrtcGetCUBINSize(Program* program, size_t* size) {
    return program->image.empty() ? INVALID_PROGRAM : give(program->image, size);
}

EMULATED_API Result nvrtcGetCUBIN(Program* program, char* cubin) {
    return program->image.empty() ? INVALID_PROGRAM : give(program->image, cubin);
}

EMULATED_API Result nvrtcGetPTXSize(Program*, size_t*) {
    return INVALID_PROGRAM;
}

EMULATED_API Result nvrtcGetPTX(Program*, char*) {
    return INVALID_PROGRAM;
}

EMULATED_API Result nvrtcAddNameExpression(Program*, const char*) {
    return INVALID_INPUT;
}

EMULATED_API Result nvrtcGetLoweredName(Program*, const char*, const char**) {
    return NO_LOWERED_NAMES;
}
