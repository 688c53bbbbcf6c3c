// What the caller describes: the product, its matrices, and what an algorithm may do.
#pragma once

#include <cstdint>

#include "abi.h"

namespace emulated {

struct MatmulDescriptor {
    int compute_type;
    int scale_type;
    int pointer_mode = 0;
    int transposes_a = CUBLAS_OP_N;
    int transposes_b = CUBLAS_OP_N;
    unsigned epilogue = CUBLASLT_EPILOGUE_DEFAULT;
    const void* bias = nullptr;
    int64_t bias_batch_stride = 0;
    // The result's type where it is not set.
    int bias_type = -1;
};

struct MatrixLayout {
    unsigned type;
    int order = CUBLASLT_ORDER_COL;
    uint64_t rows;
    uint64_t columns;
    int64_t leading_dimension;
    int batch_count = 1;
    int64_t batch_stride = 0;
};

struct MatmulPreference {
    unsigned search_mode = 0;
    uint64_t max_workspace = 0;
    unsigned reduction_schemes = 7;
    // Of A, B, C and D.
    unsigned alignment[4] = {256, 256, 256, 256};
};

}  // namespace emulated
