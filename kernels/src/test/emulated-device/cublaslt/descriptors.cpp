#include "descriptors.h"

#include <cstring>

using namespace emulated;

namespace {

// Where an attribute is kept, and how many bytes it has; of none, where it is not emulated.
struct Field {
    void* address = nullptr;
    size_t bytes = 0;
};

template <typename T>
Field field(T& value) {
    return {&value, sizeof value};
}

Field find(MatmulDescriptor& descriptor, cublasLtMatmulDescAttributes_t attribute) {
    switch (attribute) {
        case CUBLASLT_MATMUL_DESC_COMPUTE_TYPE: return field(descriptor.compute_type);
        case CUBLASLT_MATMUL_DESC_SCALE_TYPE: return field(descriptor.scale_type);
        case CUBLASLT_MATMUL_DESC_POINTER_MODE: return field(descriptor.pointer_mode);
        case CUBLASLT_MATMUL_DESC_TRANSA: return field(descriptor.transposes_a);
        case CUBLASLT_MATMUL_DESC_TRANSB: return field(descriptor.transposes_b);
        case CUBLASLT_MATMUL_DESC_EPILOGUE: return field(descriptor.epilogue);
        case CUBLASLT_MATMUL_DESC_BIAS_POINTER: return field(descriptor.bias);
        case CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE: return field(descriptor.bias_batch_stride);
        case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE: return field(descriptor.bias_type);
    }
    return {};
}

Field find(MatrixLayout& layout, cublasLtMatrixLayoutAttribute_t attribute) {
    switch (attribute) {
        case CUBLASLT_MATRIX_LAYOUT_TYPE: return field(layout.type);
        case CUBLASLT_MATRIX_LAYOUT_ORDER: return field(layout.order);
        case CUBLASLT_MATRIX_LAYOUT_ROWS: return field(layout.rows);
        case CUBLASLT_MATRIX_LAYOUT_COLS: return field(layout.columns);
        case CUBLASLT_MATRIX_LAYOUT_LD: return field(layout.leading_dimension);
        case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT: return field(layout.batch_count);
        case CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET: return field(layout.batch_stride);
    }
    return {};
}

Field find(MatmulPreference& preference, cublasLtMatmulPreferenceAttributes_t attribute) {
    switch (attribute) {
        case CUBLASLT_MATMUL_PREF_SEARCH_MODE: return field(preference.search_mode);
        case CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES: return field(preference.max_workspace);
        case CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK: return field(preference.reduction_schemes);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES: return field(preference.alignment[0]);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES: return field(preference.alignment[1]);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES: return field(preference.alignment[2]);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES: return field(preference.alignment[3]);
    }
    return {};
}

cublasStatus_t set(Field field, const void* value, size_t bytes) {
    if (field.address == nullptr) {
        return CUBLAS_STATUS_NOT_SUPPORTED;
    }
    if (value == nullptr || bytes != field.bytes) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    memcpy(field.address, value, bytes);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t get(Field field, void* value, size_t bytes, size_t* written) {
    if (field.address == nullptr) {
        return CUBLAS_STATUS_NOT_SUPPORTED;
    }
    if (value == nullptr || bytes < field.bytes) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    memcpy(value, field.address, field.bytes);
    if (written != nullptr) {
        *written = field.bytes;
    }
    return CUBLAS_STATUS_SUCCESS;
}

}  // namespace

EMULATED_API cublasStatus_t cublasLtMatmulDescCreate(MatmulDescriptor** descriptor, int compute_type, int scale_type) {
    *descriptor = new MatmulDescriptor{compute_type, scale_type};
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatmulDescDestroy(MatmulDescriptor* descriptor) {
    delete descriptor;
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatmulDescSetAttribute(MatmulDescriptor* descriptor, cublasLtMatmulDescAttributes_t attribute,
                                                           const void* value, size_t bytes) {
    return set(find(*descriptor, attribute), value, bytes);
}

EMULATED_API cublasStatus_t cublasLtMatmulDescGetAttribute(MatmulDescriptor* descriptor, cublasLtMatmulDescAttributes_t attribute,
                                                           void* value, size_t bytes, size_t* written) {
    return get(find(*descriptor, attribute), value, bytes, written);
}

EMULATED_API cublasStatus_t cublasLtMatrixLayoutCreate(MatrixLayout** layout, unsigned type, uint64_t rows, uint64_t columns,
                                                       int64_t leading_dimension) {
    *layout = new MatrixLayout{type, CUBLASLT_ORDER_COL, rows, columns, leading_dimension};
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatrixLayoutDestroy(MatrixLayout* layout) {
    delete layout;
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatrixLayoutSetAttribute(MatrixLayout* layout, cublasLtMatrixLayoutAttribute_t attribute,
                                                             const void* value, size_t bytes) {
    return set(find(*layout, attribute), value, bytes);
}

EMULATED_API cublasStatus_t cublasLtMatrixLayoutGetAttribute(MatrixLayout* layout, cublasLtMatrixLayoutAttribute_t attribute,
                                                             void* value, size_t bytes, size_t* written) {
    return get(find(*layout, attribute), value, bytes, written);
}

EMULATED_API cublasStatus_t cublasLtMatmulPreferenceCreate(MatmulPreference** preference) {
    *preference = new MatmulPreference;
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatmulPreferenceDestroy(MatmulPreference* preference) {
    delete preference;
    return CUBLAS_STATUS_SUCCESS;
}

EMULATED_API cublasStatus_t cublasLtMatmulPreferenceSetAttribute(MatmulPreference* preference,
                                                                 cublasLtMatmulPreferenceAttributes_t attribute,
                                                                 const void* value, size_t bytes) {
    return set(find(*preference, attribute), value, bytes);
}

EMULATED_API cublasStatus_t cublasLtMatmulPreferenceGetAttribute(MatmulPreference* preference,
                                                                 cublasLtMatmulPreferenceAttributes_t attribute, void* value,
                                                                 size_t bytes, size_t* written) {
    return get(find(*preference, attribute), value, bytes, written);
}
