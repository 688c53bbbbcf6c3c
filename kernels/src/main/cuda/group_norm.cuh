// A group of group normalisation as a block reads it, once and again: in `count` vectors of WIDTH elements that share it out to the threads.
#pragma once

#include "elements.cuh"

template <int WIDTH>
struct Group {
    float* kept;  // shared memory for all of it, or null where that is not enough
    int count;

    // Vector i, which this thread kept, or which it reads again.
    template <typename Read>
    __device__ __forceinline__ void load(float (&values)[WIDTH], int i, const Read& read) const {
        if (kept == nullptr) {
            read(values, i);
        } else {
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                values[j] = kept[j * count + i];
            }
        }
    }

    // Reads all vectors, and keeps them; gives their mean. `parts` is as block_sum has it.
    template <typename Read>
    __device__ __forceinline__ float mean(float elements, float* parts, const Read& read) const {
        float total = 0.0f;
        for (int i = threadIdx.x; i < count; i += blockDim.x) {
            float values[WIDTH];
            read(values, i);
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                total += values[j];
                if (kept != nullptr) {
                    kept[j * count + i] = values[j];
                }
            }
        }
        return block_sum(total, parts) / elements;
    }

    // The inverse of their deviation.
    template <typename Read>
    __device__ __forceinline__ float inverse(float mean, float elements, float epsilon, float* parts, const Read& read) const {
        float squares = 0.0f;
        for (int i = threadIdx.x; i < count; i += blockDim.x) {
            float values[WIDTH];
            load(values, i, read);
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                squares = fmaf(values[j] - mean, values[j] - mean, squares);
            }
        }
        return rsqrtf(block_sum(squares, parts) / elements + epsilon);
    }
};
