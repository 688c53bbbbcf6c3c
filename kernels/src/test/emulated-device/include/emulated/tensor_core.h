// Tensor core operations by warp, with PTX's layout of fragments over lanes (PTX ISA, "Matrix fragments for
// mma.m16n8k16 with floating point types", and ldmatrix). A kernel that gives a lane the wrong element computes the wrong
// product here too. The sum over k is in float32, in ascending order; a GPU's own rounding inside of it is not imitated.
#pragma once

#include <cstdint>

#include "synchronisation.h"
#include "types.h"

namespace emulated {

struct MmaOperands {
    float* d;
    const unsigned* a;
    const unsigned* b;
};

EMULATED_EXPORT void mma_float16(void* const operands[32], unsigned mask);
EMULATED_EXPORT void mma_bfloat16(void* const operands[32], unsigned mask);

struct LoadOperands {
    unsigned* r;
    const void* row;
};

// MATRICES of 8 x 8 elements of 16 bits; lane 8 j + i gives row i of matrix j.
template <int MATRICES, bool TRANSPOSED>
void load_matrices(void* const operands[32], unsigned) {
    for (int lane = 0; lane < 32; lane++) {
        for (int matrix = 0; matrix < MATRICES; matrix++) {
            const int major = lane / 4;
            const int minor = lane % 4 * 2;
            unsigned word = 0;
            for (int half = 0; half < 2; half++) {
                const int row = TRANSPOSED ? minor + half : major;
                const int column = TRANSPOSED ? major : minor + half;
                const auto* source = static_cast<const LoadOperands*>(operands[matrix * 8 + row]);
                word |= static_cast<unsigned>(static_cast<const uint16_t*>(source->row)[column]) << 16 * half;
            }
            static_cast<LoadOperands*>(operands[lane])->r[matrix] = word;
        }
    }
}

// Fails where a row's address is not shared memory of the block, or not aligned to 16 bytes.
EMULATED_EXPORT void check_matrix_row(const void* row, const char* what);

template <int MATRICES, bool TRANSPOSED>
inline void load_matrix(unsigned* r, const void* row, const char* what, const char* file, int line) {
    if (current->lane < 8 * MATRICES) {
        check_matrix_row(row, what);
    }
    LoadOperands operands{r, row};
    meet(0xffffffffu, load_matrices<MATRICES, TRANSPOSED>, &operands, what, file, line);
}

template <typename T>
constexpr Combine mma_of();
template <>
constexpr Combine mma_of<float16>() {
    return mma_float16;
}
template <>
constexpr Combine mma_of<bfloat16>() {
    return mma_bfloat16;
}

}  // namespace emulated

template <typename T>
inline void mma_m16n8k16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], EMULATED_SITE) {
    ::emulated::MmaOperands operands{d, a, b};
    ::emulated::meet(0xffffffffu, ::emulated::mma_of<T>(), &operands, "mma_m16n8k16", file, line);
}

inline void ldmatrix_x4(unsigned (&r)[4], const void* shared, EMULATED_SITE) {
    ::emulated::load_matrix<4, false>(r, shared, "ldmatrix_x4", file, line);
}

inline void ldmatrix_x4_transposed(unsigned (&r)[4], const void* shared, EMULATED_SITE) {
    ::emulated::load_matrix<4, true>(r, shared, "ldmatrix_x4_transposed", file, line);
}

inline void ldmatrix_x2(unsigned (&r)[2], const void* shared, EMULATED_SITE) {
    ::emulated::load_matrix<2, false>(r, shared, "ldmatrix_x2", file, line);
}

inline void ldmatrix_x2_transposed(unsigned (&r)[2], const void* shared, EMULATED_SITE) {
    ::emulated::load_matrix<2, true>(r, shared, "ldmatrix_x2_transposed", file, line);
}
