#include "convolution.h"

namespace emulated {
namespace {

constexpr size_t MIB = 1 << 20;

// float32 on tensor cores is TF32.
const Engine ROUNDING{{CUDNN_NUMERICAL_NOTE_TENSOR_CORE, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS}, 0, true, false};
const Engine WAVERING{{CUDNN_NUMERICAL_NOTE_TENSOR_CORE, CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC}, 0, false, true};
const Engine TENSOR_CORES{{CUDNN_NUMERICAL_NOTE_TENSOR_CORE}, 0, false, false};
const Engine WITH_WORKSPACE{{CUDNN_NUMERICAL_NOTE_TENSOR_CORE}, MIB, false, false};
const Engine SIMPLE{{}, 64 * 1024, false, false};

constexpr long VECTOR = 8;
constexpr int64_t VECTOR_BYTES = 16;

bool is_vectorised(const ConvolutionProblem& problem) {
    for (const Tensor& tensor : problem.tensors()) {
        if (tensor.extents[1] % VECTOR != 0 || tensor.alignment < VECTOR_BYTES) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::vector<const Engine*> propose(const ConvolutionProblem& problem, int mode) {
    const bool fused = !problem.steps.empty();
    const bool float32 = problem.x.elements == Elements::F32;
    if (mode == CUDNN_HEUR_MODE_FALLBACK) {
        return fused ? std::vector<const Engine*>{} : std::vector<const Engine*>{&SIMPLE};
    }
    if (fused && (problem.backward || !is_vectorised(problem))) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN, "no engine computes this with what follows it"};
    }
    if (float32) {
        return fused ? std::vector<const Engine*>{&ROUNDING} : std::vector<const Engine*>{&ROUNDING, &SIMPLE};
    }
    if (!is_vectorised(problem)) {
        return {};
    }
    return {&WAVERING, &TENSOR_CORES, &WITH_WORKSPACE};
}

}  // namespace emulated
