// The calls: versions, heuristics, and the product itself, which is checked at once and done when its stream is.
#include <algorithm>
#include <cstring>
#include <string>

#include "../driver/library.h"
#include "../execution/report.h"
#include "matmul.h"

using namespace emulated;

namespace {

constexpr char MAGIC[8] = "matmul";
constexpr int ALGORITHMS = 3;
constexpr size_t WORKSPACE_ALIGNMENT = 256;
constexpr char OPERANDS[] = "ABCD";

// What an algorithm is to its owner eight words of.
struct Algorithm {
    char magic[8];
    // The problem that it was proposed for: another one's extents or types may not suit it.
    long m, n, k;
    unsigned epilogue;
    int types;
    int number;
    unsigned alignment[4];
    unsigned workspace_kib;
};
static_assert(sizeof(Algorithm) <= sizeof(cublasLtMatmulAlgo_t));

int types_of(const Problem& problem) {
    return static_cast<int>(problem.a.elements) * 16 + static_cast<int>(problem.d.elements);
}

// Number 1 splits sums and adds the parts in its workspace; number 2 works in one that it does not really need.
size_t workspace_of(const Problem& problem, int number) {
    const size_t sums = static_cast<size_t>(problem.m() * problem.n() * problem.d.batch_count) * sizeof(float);
    const size_t bytes = number == 0 ? 0 : number == 1 ? 2 * sums : 64 * 1024;
    return (bytes + 1023) / 1024 * 1024;
}

bool is_aligned(const void* address, size_t bytes) {
    return reinterpret_cast<uintptr_t>(address) % bytes == 0;
}

bool suits(const Algorithm& algorithm, const Problem& problem) {
    return memcmp(algorithm.magic, MAGIC, sizeof MAGIC) == 0 && algorithm.m == problem.m() && algorithm.n == problem.n() &&
           algorithm.k == problem.k() && algorithm.epilogue == problem.epilogue && algorithm.types == types_of(problem);
}

// When the work is done: operands that are there, and aligned as the algorithm was promised.
int check_operands(const Problem& problem, const Operands& operands, const Algorithm& algorithm) {
    const void* addresses[] = {operands.a, operands.b, operands.c, operands.d};
    const Matrix* matrices[] = {&problem.a, &problem.b, &problem.c, &problem.d};
    for (int i = 0; i < 4; i++) {
        const char name[] = {OPERANDS[i], 0};
        const bool read = i != 2 || operands.beta != 0;
        if (read && !require_memory("cublasLtMatmul", name, addresses[i], matrices[i]->extent())) {
            return CUDA_ERROR_ILLEGAL_ADDRESS;
        }
        if (read && !is_aligned(addresses[i], algorithm.alignment[i])) {
            report("cublasLtMatmul: %s is at %p; its algorithm was promised %u bytes of alignment",
                    name, addresses[i], algorithm.alignment[i]);
            return CUDA_ERROR_MISALIGNED_ADDRESS;
        }
    }
    const size_t bias = static_cast<size_t>(problem.m()) * bytes_of(problem.bias_elements);
    if (problem.has_bias() && !require_memory("cublasLtMatmul", "the bias", problem.bias, bias)) {
        return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    return CUDA_SUCCESS;
}

}  // namespace

EMULATED_API size_t cublasLtGetVersion() {
    return 130100;
}

EMULATED_API size_t cublasLtGetCudartVersion() {
    return 13000;
}

EMULATED_API const char* cublasLtGetStatusName(cublasStatus_t status) {
    switch (status) {
        case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
        case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
        case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    }
    return "CUBLAS_STATUS unknown";
}

EMULATED_API const char* cublasLtGetStatusString(cublasStatus_t) {
    // Unlike cuBLASLt's, the text is what was done wrong, where that is known.
    static thread_local std::string told;
    told = take_report();
    return told.c_str();
}

EMULATED_API cublasStatus_t cublasLtCreate(void** handle) {
    *handle = new char;
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtDestroy(void* handle) {
    delete static_cast<char*>(handle);
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatmulAlgoGetHeuristic(void*, const MatmulDescriptor* descriptor, const MatrixLayout* a,
                                                           const MatrixLayout* b, const MatrixLayout* c, const MatrixLayout* d,
                                                           const MatmulPreference* preference, int wanted,
                                                           cublasLtMatmulHeuristicResult_t* results, int* count) {
    *count = 0;
    cublasStatus_t status;
    const auto problem = describe(*descriptor, *a, *b, *c, *d, status);
    if (!problem) {
        return status;
    }
    for (int number = 0; number < ALGORITHMS && *count < wanted; number++) {
        const size_t workspace = workspace_of(*problem, number);
        const bool splits = number == 1;
        if (workspace > preference->max_workspace ||
            (splits && !(preference->reduction_schemes & CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE))) {
            continue;
        }
        Algorithm algorithm{{}, problem->m(), problem->n(), problem->k(), problem->epilogue, types_of(*problem), number, {},
                            static_cast<unsigned>(workspace / 1024)};
        memcpy(algorithm.magic, MAGIC, sizeof MAGIC);
        std::copy(std::begin(preference->alignment), std::end(preference->alignment), algorithm.alignment);
        cublasLtMatmulHeuristicResult_t& result = results[(*count)++];
        result = {};
        memcpy(&result.algo, &algorithm, sizeof algorithm);
        result.workspaceSize = workspace;
        result.state = CUBLAS_STATUS_SUCCESS;
        result.wavesCount = 1;
    }
    return *count == 0 ? CUBLAS_STATUS_NOT_SUPPORTED : CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatmul(void*, const MatmulDescriptor* descriptor, const void* alpha, const void* a,
                                           const MatrixLayout* a_layout, const void* b, const MatrixLayout* b_layout,
                                           const void* beta, const void* c, const MatrixLayout* c_layout, void* d,
                                           const MatrixLayout* d_layout, const cublasLtMatmulAlgo_t* algo, void* workspace,
                                           size_t workspace_bytes, CUstream stream) {
    cublasStatus_t status;
    const auto problem = describe(*descriptor, *a_layout, *b_layout, *c_layout, *d_layout, status);
    if (!problem) {
        return status;
    }
    if (algo == nullptr) {
        // Ours are all chosen beforehand: a choice in the loop would be a mistake.
        return CUBLAS_STATUS_NOT_SUPPORTED;
    }
    Algorithm algorithm;
    memcpy(&algorithm, algo, sizeof algorithm);
    if (!suits(algorithm, *problem)) {
        report("cublasLtMatmul: the algorithm was proposed for another product");
        return CUBLAS_STATUS_NOT_SUPPORTED;
    }
    const size_t needed = size_t{algorithm.workspace_kib} * 1024;
    if (workspace_bytes < needed || (needed > 0 && (workspace == nullptr || !is_aligned(workspace, WORKSPACE_ALIGNMENT)))) {
        report("cublasLtMatmul: the workspace has %zu bytes at %p; %zu are needed, aligned to %zu",
                workspace_bytes, workspace, needed, WORKSPACE_ALIGNMENT);
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    const Operands operands{*static_cast<const float*>(alpha), a, b, *static_cast<const float*>(beta), c, d};
    const int error = enqueue(stream, "cublasLtMatmul", [problem = *problem, operands, algorithm, workspace, needed]() -> int {
        if (const int wrong = check_operands(problem, operands, algorithm)) {
            return wrong;
        }
        if (needed > 0) {
            if (!require_memory("cublasLtMatmul", "the workspace", workspace, needed)) {
                return CUDA_ERROR_ILLEGAL_ADDRESS;
            }
            scribble(workspace, needed);
        }
        // Sums in different orders, so that what must not depend on the choice of an algorithm is seen to.
        return compute(problem, operands, algorithm.number == 0 ? 256 : algorithm.number == 1 ? 64 : 160);
    });
    return error == CUDA_SUCCESS ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

EMULATED_API cublasStatus_t cublasLtMatmulAlgoCheck(void*, const MatmulDescriptor*, const MatrixLayout*, const MatrixLayout*,
                                                    const MatrixLayout*, const MatrixLayout*, const cublasLtMatmulAlgo_t*,
                                                    cublasLtMatmulHeuristicResult_t*) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
}

EMULATED_API cublasStatus_t cublasLtMatmulAlgoConfigGetAttribute(const cublasLtMatmulAlgo_t*, int, void*, size_t, size_t*) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
}
