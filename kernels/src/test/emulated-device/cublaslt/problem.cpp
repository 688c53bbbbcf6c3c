#include <utility>

#include "../execution/report.h"
#include "matmul.h"

namespace emulated {
namespace {

std::optional<Elements> elements_of(unsigned type) {
    switch (type) {
        case CUDA_R_32F: return Elements::F32;
        case CUDA_R_16F: return Elements::F16;
        case CUDA_R_16BF: return Elements::BF16;
        default: return std::nullopt;
    }
}

// Refuses what cublasLtMatmul refuses, with a word on what it was.
cublasStatus_t refuse(cublasStatus_t status, const char* why) {
    report("cuBLASLt: %s", why);
    return status;
}

std::optional<Matrix> matrix_of(const MatrixLayout& layout, bool transposed, cublasStatus_t& status) {
    const auto elements = elements_of(layout.type);
    if (!elements || (layout.order != CUBLASLT_ORDER_COL && layout.order != CUBLASLT_ORDER_ROW)) {
        status = CUBLAS_STATUS_NOT_SUPPORTED;
        return std::nullopt;
    }
    const bool by_columns = layout.order == CUBLASLT_ORDER_COL;
    const auto rows = static_cast<long>(layout.rows);
    const auto columns = static_cast<long>(layout.columns);
    if (rows <= 0 || columns <= 0 || layout.leading_dimension < (by_columns ? rows : columns) || layout.batch_count < 1) {
        status = refuse(CUBLAS_STATUS_INVALID_VALUE, "a leading dimension is less than the lines it separates are long");
        return std::nullopt;
    }
    Matrix matrix{*elements,
                  rows,
                  columns,
                  by_columns ? 1 : layout.leading_dimension,
                  by_columns ? layout.leading_dimension : 1,
                  layout.batch_count,
                  layout.batch_stride};
    if (transposed) {
        std::swap(matrix.rows, matrix.columns);
        std::swap(matrix.row_step, matrix.column_step);
    }
    return matrix;
}

bool is_known(unsigned epilogue) {
    return epilogue == CUBLASLT_EPILOGUE_DEFAULT || epilogue == CUBLASLT_EPILOGUE_BIAS || epilogue == CUBLASLT_EPILOGUE_GELU ||
           epilogue == CUBLASLT_EPILOGUE_GELU_BIAS;
}

}  // namespace

size_t Matrix::extent() const {
    const long last = (rows - 1) * row_step + (columns - 1) * column_step + (batch_count - 1) * batch_stride;
    return static_cast<size_t>(last + 1) * bytes_of(elements);
}

std::optional<Problem> describe(const MatmulDescriptor& descriptor, const MatrixLayout& a_layout, const MatrixLayout& b_layout,
                                const MatrixLayout& c_layout, const MatrixLayout& d_layout, cublasStatus_t& status) {
    const bool float32_sums =
        descriptor.compute_type == CUBLAS_COMPUTE_32F || descriptor.compute_type == CUBLAS_COMPUTE_32F_PEDANTIC;
    if (!float32_sums || descriptor.scale_type != CUDA_R_32F || descriptor.pointer_mode != 0 || !is_known(descriptor.epilogue)) {
        status = CUBLAS_STATUS_NOT_SUPPORTED;
        return std::nullopt;
    }
    const auto a = matrix_of(a_layout, descriptor.transposes_a == CUBLAS_OP_T, status);
    const auto b = a ? matrix_of(b_layout, descriptor.transposes_b == CUBLAS_OP_T, status) : std::nullopt;
    const auto c = b ? matrix_of(c_layout, false, status) : std::nullopt;
    const auto d = c ? matrix_of(d_layout, false, status) : std::nullopt;
    if (!d) {
        return std::nullopt;
    }
    if (a->columns != b->rows || a->rows != d->rows || b->columns != d->columns || c->rows != d->rows ||
        c->columns != d->columns || a->batch_count != d->batch_count || b->batch_count != d->batch_count ||
        c->batch_count != d->batch_count) {
        status = refuse(CUBLAS_STATUS_INVALID_VALUE, "the extents of A, B, C and D do not fit each other");
        return std::nullopt;
    }
    const bool same_types = a->elements == b->elements && c->elements == d->elements;
    if (!same_types || (d->elements != a->elements && d->elements != Elements::F32)) {
        status = CUBLAS_STATUS_NOT_SUPPORTED;
        return std::nullopt;
    }
    Problem problem{*a, *b, *c, *d, descriptor.epilogue, d->elements, descriptor.bias, descriptor.bias_batch_stride};
    if (problem.has_bias()) {
        if (descriptor.bias == nullptr) {
            status = refuse(CUBLAS_STATUS_INVALID_VALUE, "an epilogue adds a bias that has no address");
            return std::nullopt;
        }
        const auto elements = descriptor.bias_type < 0 ? d->elements : elements_of(static_cast<unsigned>(descriptor.bias_type));
        if (!elements || *elements != d->elements) {
            status = CUBLAS_STATUS_NOT_SUPPORTED;
            return std::nullopt;
        }
    }
    status = CUBLAS_STATUS_SUCCESS;
    return problem;
}

}  // namespace emulated
