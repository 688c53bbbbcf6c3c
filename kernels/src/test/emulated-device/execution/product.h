// A matrix product on the host, of operands that are read, and a result that is written, however their owner likes: what
// cuBLASLt's and cuDNN's stand-ins have in common. Written for this purpose alone; it calls no library.
#pragma once

#include <functional>

#include "../include/emulated/thread.h"

namespace emulated {

// result [rows, columns] = left [rows, inner] · right [inner, columns], in float32.
struct Product {
    long rows;
    long columns;
    long inner;
    // Writes left [row, k … k + count) to target[0], target[step], …
    std::function<void(long row, long k, int count, float* target, int step)> left;
    // Writes right [k … k + count, column) to target[0], target[step], …
    std::function<void(long column, long k, int count, float* target, int step)> right;
    // Takes result [row, column … column + count), once for every element.
    std::function<void(long row, long column, int count, const float* sums)> store;
    // Sums over k are made of so many at a time, one after another.
    int split = 256;
};

// By the device's own thread. Returns a CUresult.
EMULATED_EXPORT int run(const char* name, const Product& product);

}  // namespace emulated
