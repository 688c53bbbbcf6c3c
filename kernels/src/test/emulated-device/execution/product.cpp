#include "product.h"

#include <algorithm>
#include <vector>

#include "launch.h"

namespace emulated {
namespace {

// A tile's operands, packed, stay in a core's second cache.
constexpr int TILE_ROWS = 128;
constexpr int TILE_COLUMNS = 256;
constexpr int MOST_INNER = 256;
// What the innermost loop keeps in registers.
constexpr int ROWS = 4;
constexpr int LANES = 8;
constexpr int COLUMNS = 2 * LANES;

typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));

struct Buffers {
    std::vector<float> left = std::vector<float>(TILE_ROWS * MOST_INNER);
    std::vector<float> right = std::vector<float>(TILE_COLUMNS * MOST_INNER);
    std::vector<float> sums = std::vector<float>(TILE_ROWS * TILE_COLUMNS);
};

Buffers& buffers() {
    static thread_local auto* buffers = new Buffers;
    return *buffers;
}

// sums [ROWS, COLUMNS] += left [inner, ROWS] · right [inner, COLUMNS]
void multiply(const float* left, const float* right, int inner, float* sums) {
    Lanes part[ROWS][2] = {};
    for (int k = 0; k < inner; k++) {
        const Lanes low = *reinterpret_cast<const Lanes*>(right + k * COLUMNS);
        const Lanes high = *reinterpret_cast<const Lanes*>(right + k * COLUMNS + LANES);
        for (int row = 0; row < ROWS; row++) {
            const float factor = left[k * ROWS + row];
            part[row][0] += factor * low;
            part[row][1] += factor * high;
        }
    }
    for (int row = 0; row < ROWS; row++) {
        *reinterpret_cast<Lanes*>(sums + row * TILE_COLUMNS) += part[row][0];
        *reinterpret_cast<Lanes*>(sums + row * TILE_COLUMNS + LANES) += part[row][1];
    }
}

// Packs lines of an operand in groups of `width`, the lines of a group interleaved; missing ones are zeros.
template <typename Read>
void pack(long first, int count, int width, int inner, float* target, const Read& read) {
    for (int line = 0; line < (count + width - 1) / width * width; line++) {
        float* start = target + line / width * width * inner + line % width;
        if (line < count) {
            read(first + line, start, width);
        } else {
            for (int k = 0; k < inner; k++) {
                start[k * width] = 0;
            }
        }
    }
}

void run_tile(const Product& product, long row, long column) {
    Buffers& own = buffers();
    const int rows = static_cast<int>(std::min<long>(TILE_ROWS, product.rows - row));
    const int columns = static_cast<int>(std::min<long>(TILE_COLUMNS, product.columns - column));
    std::fill(own.sums.begin(), own.sums.end(), 0.0f);
    const int step = std::min(MOST_INNER, product.split);
    for (long k = 0; k < product.inner; k += step) {
        const int inner = static_cast<int>(std::min<long>(step, product.inner - k));
        pack(row, rows, ROWS, inner, own.left.data(),
             [&](long line, float* target, int width) { product.left(line, k, inner, target, width); });
        pack(column, columns, COLUMNS, inner, own.right.data(),
             [&](long line, float* target, int width) { product.right(line, k, inner, target, width); });
        for (int i = 0; i < rows; i += ROWS) {
            for (int j = 0; j < columns; j += COLUMNS) {
                multiply(own.left.data() + i * inner, own.right.data() + j * inner, inner,
                         own.sums.data() + i * TILE_COLUMNS + j);
            }
        }
    }
    for (int i = 0; i < rows; i++) {
        product.store(row + i, column, columns, own.sums.data() + i * TILE_COLUMNS);
    }
}

}  // namespace

int run(const char* name, const Product& product) {
    const auto across = static_cast<unsigned>((product.columns + TILE_COLUMNS - 1) / TILE_COLUMNS);
    const auto down = static_cast<unsigned>((product.rows + TILE_ROWS - 1) / TILE_ROWS);
    return run_parts(name, across * down, [&](unsigned part) {
        run_tile(product, part / across * TILE_ROWS, part % across * TILE_COLUMNS);
    });
}

}  // namespace emulated
