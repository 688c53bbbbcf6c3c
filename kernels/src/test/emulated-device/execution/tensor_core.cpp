#include "../include/emulated/tensor_core.h"

#include <cstdint>

#include "block.h"

namespace emulated {
namespace {

constexpr int M = 16;
constexpr int N = 8;
constexpr int K = 16;

// Of the m16n8k16 fragments: lane = 4 group + pair.
template <typename T>
void mma(void* const operands[32]) {
    float a[M][K];
    float b[K][N];
    float d[M][N];
    for (int lane = 0; lane < 32; lane++) {
        const auto& mine = *static_cast<const MmaOperands*>(operands[lane]);
        const int group = lane / 4;
        const int pair = lane % 4 * 2;
        for (int i = 0; i < 4; i++) {
            const float2 both = unpack<T>(mine.a[i]);
            float* row = a[group + i % 2 * 8];
            row[pair + i / 2 * 8] = both.x;
            row[pair + i / 2 * 8 + 1] = both.y;
            d[group + i / 2 * 8][pair + i % 2] = mine.d[i];
        }
        for (int i = 0; i < 2; i++) {
            const float2 both = unpack<T>(mine.b[i]);
            b[pair + i * 8][group] = both.x;
            b[pair + i * 8 + 1][group] = both.y;
        }
    }
    for (int row = 0; row < M; row++) {
        for (int k = 0; k < K; k++) {
            for (int column = 0; column < N; column++) {
                d[row][column] += a[row][k] * b[k][column];
            }
        }
    }
    for (int lane = 0; lane < 32; lane++) {
        const auto& mine = *static_cast<const MmaOperands*>(operands[lane]);
        for (int i = 0; i < 4; i++) {
            mine.d[i] = d[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2];
        }
    }
}

}  // namespace

void mma_float16(void* const operands[32], unsigned) {
    mma<float16>(operands);
}

void mma_bfloat16(void* const operands[32], unsigned) {
    mma<bfloat16>(operands);
}

void check_matrix_row(const void* row, const char* what) {
    if (reinterpret_cast<uintptr_t>(row) % 16 != 0) {
        fault(MISALIGNED_ADDRESS, "%s of a row at %p, which must be aligned to 16 bytes", what, row);
    }
    if (!Worker::current()->shared().contains(row, 16)) {
        fault(ILLEGAL_ADDRESS, "%s of a row at %p, which is not shared memory of this block", what, row);
    }
}

}  // namespace emulated
