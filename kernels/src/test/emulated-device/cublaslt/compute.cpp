#include <cmath>

#include "../execution/product.h"
#include "matmul.h"

namespace emulated {
namespace {

const void* at_batch(const void* address, const Matrix& matrix, int batch) {
    return static_cast<const char*>(address) + static_cast<size_t>(matrix.batch_stride * batch) * bytes_of(matrix.elements);
}

// The tanh approximation, as cuBLASLt's epilogue has it.
float gelu(float x) {
    return 0.5f * x * (1.0f + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
}

}  // namespace

int compute(const Problem& problem, const Operands& operands, int split) {
    for (int batch = 0; batch < problem.d.batch_count; batch++) {
        const void* a = at_batch(operands.a, problem.a, batch);
        const void* b = at_batch(operands.b, problem.b, batch);
        const void* c = at_batch(operands.c, problem.c, batch);
        void* d = const_cast<void*>(at_batch(operands.d, problem.d, batch));
        Product product;
        // The result's columns are the product's rows, for they are what lies together in memory.
        product.rows = problem.n();
        product.columns = problem.m();
        product.inner = problem.k();
        product.split = split;
        product.left = [&](long column, long k, int count, float* target, int step) {
            read_elements(problem.b.elements, b, column * problem.b.column_step + k * problem.b.row_step, problem.b.row_step,
                          count, target, step);
        };
        product.right = [&](long row, long k, int count, float* target, int step) {
            read_elements(problem.a.elements, a, row * problem.a.row_step + k * problem.a.column_step, problem.a.column_step,
                          count, target, step);
        };
        product.store = [&](long column, long row, int count, const float* sums) {
            for (int i = 0; i < count; i++) {
                float value = operands.alpha * sums[i];
                // With beta 0 what C holds does not count, be it NaN.
                if (operands.beta != 0) {
                    value += operands.beta * read_element(problem.c.elements, c,
                                                          (row + i) * problem.c.row_step + column * problem.c.column_step);
                }
                if (problem.has_bias()) {
                    value += read_element(problem.bias_elements, problem.bias, row + i + batch * problem.bias_batch_stride);
                }
                if (problem.has_gelu()) {
                    value = gelu(value);
                }
                write_element(problem.d.elements, d, (row + i) * problem.d.row_step + column * problem.d.column_step, value);
            }
        };
        if (const int error = run("cublasLtMatmul", product)) {
            return error;
        }
    }
    return 0;
}

}  // namespace emulated
