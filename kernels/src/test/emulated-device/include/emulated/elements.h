// Reading and writing lines of elements of any storage type, as float32.
#pragma once

#include <cstddef>

#include "types.h"

namespace emulated {

enum class Elements { F32, F16, BF16 };

inline size_t bytes_of(Elements elements) {
    return elements == Elements::F32 ? 4 : 2;
}

// target[i · step] = source[i · stride]
inline void read_elements(Elements elements, const void* source, long offset, long stride, int count, float* target, int step) {
    const auto copy = [=](const auto* from) {
        from += offset;
        for (int i = 0; i < count; i++) {
            target[static_cast<long>(i) * step] = to_float(from[i * stride]);
        }
    };
    switch (elements) {
        case Elements::F32: return copy(static_cast<const float*>(source));
        case Elements::F16: return copy(static_cast<const float16*>(source));
        case Elements::BF16: return copy(static_cast<const bfloat16*>(source));
    }
}

inline float read_element(Elements elements, const void* source, long offset) {
    float value = 0;
    read_elements(elements, source, offset, 1, 1, &value, 1);
    return value;
}

inline void write_element(Elements elements, void* target, long offset, float value) {
    switch (elements) {
        case Elements::F32: static_cast<float*>(target)[offset] = value; return;
        case Elements::F16: static_cast<float16*>(target)[offset] = from_float<float16>(value); return;
        case Elements::BF16: static_cast<bfloat16*>(target)[offset] = from_float<bfloat16>(value); return;
    }
}

}  // namespace emulated
