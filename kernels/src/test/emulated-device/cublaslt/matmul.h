// A product as it was described, checked, and an algorithm for it.
#pragma once

#include <optional>

#include "../driver/abi.h"
#include "../include/emulated/elements.h"
#include "descriptors.h"

namespace emulated {

// A matrix in memory, by its layout.
struct Matrix {
    Elements elements;
    long rows;
    long columns;
    // Elements from one row, and from one column, to the next.
    long row_step;
    long column_step;
    int batch_count;
    long batch_stride;

    // Bytes from its first element to the end of its last one.
    size_t extent() const;
};

// All that a product is, but for its addresses.
struct Problem {
    Matrix a;
    Matrix b;
    Matrix c;
    Matrix d;
    unsigned epilogue;
    Elements bias_elements;
    const void* bias;
    long bias_batch_stride;

    // Rows and columns of the result, and what is summed over.
    long m() const { return d.rows; }
    long n() const { return d.columns; }
    long k() const { return a.columns; }
    bool has_bias() const { return epilogue == CUBLASLT_EPILOGUE_BIAS || epilogue == CUBLASLT_EPILOGUE_GELU_BIAS; }
    bool has_gelu() const { return epilogue == CUBLASLT_EPILOGUE_GELU || epilogue == CUBLASLT_EPILOGUE_GELU_BIAS; }
};

// The problem that descriptors describe, A and B transposed as they say. Nothing, with the status, where they contradict
// each other or are not emulated.
std::optional<Problem> describe(const MatmulDescriptor& descriptor, const MatrixLayout& a, const MatrixLayout& b,
                                const MatrixLayout& c, const MatrixLayout& d, cublasStatus_t& status);

struct Operands {
    float alpha;
    const void* a;
    const void* b;
    float beta;
    const void* c;
    void* d;
};

// Does it, by the device's own thread, summing so many products at a time. Returns a CUresult.
int compute(const Problem& problem, const Operands& operands, int split);

}  // namespace emulated
