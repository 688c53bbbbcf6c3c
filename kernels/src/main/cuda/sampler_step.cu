// Guidance and a sampler's update of the latents in one pass, with the step's number in device memory, so that one captured graph serves every
// step of every sampler: what differs between steps and samplers are the numbers in a table.
//
// prediction [copies, count] (the negative half first), latents [count] float32, history [slots, count] float32, input [count]: what the
// network reads next. Row *step of coefficients [steps, 4 + 4 · slots] holds {next_sample, next_output, next_input_scale, 0}, then for
// each slot {keeps, sample, output, weight}:
//   e  = copies == 2 ? p₀ + guidance · (p₁ − p₀) : p₀
//   slot s that keeps: history_s = sample · x + output · e
//   x' = next_sample · x + next_output · e + Σ_s weight_s · history_s, slots of weight 0 unread, since nothing may have been kept there yet
//   input = next_input_scale · x'
// *nonfinite becomes 1 where x' is an infinity or no number. The last block to have read *step (found by drawing tickets) adds 1 to it and puts the
// tickets back: the next launch in the stream sees both.
#include "elements.cuh"

template <typename T>
__device__ __forceinline__ void step_once(const T* prediction, float* latents, float* history, T* input, const float* coefficients,
                                          int* step, unsigned* ticket, int* nonfinite, float guidance, int copies, int slots,
                                          long count) {
    const float* row = coefficients + (long)*step * (4 + 4 * slots);
    const float next_sample = row[0], next_output = row[1], next_scale = row[2];
    bool found = false;
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        float e = to_float(prediction[i]);
        if (copies == 2) {
            e = fmaf(guidance, to_float(prediction[count + i]) - e, e);
        }
        const float x = latents[i];
        float next = fmaf(next_sample, x, next_output * e);
        for (int s = 0; s < slots; s++) {
            const float* slot = row + 4 + 4 * s;
            float* kept = history + s * count + i;
            if (slot[0] != 0.0f) {
                *kept = fmaf(slot[1], x, slot[2] * e);
            }
            if (slot[3] != 0.0f) {
                next = fmaf(slot[3], *kept, next);
            }
        }
        latents[i] = next;
        found |= !isfinite(next);
        input[i] = from_float<T>(next_scale * next);
    }
    if (found) {
        atomicOr(nonfinite, 1);
    }
    // Every thread of the block has read the step, and that before its ticket is drawn.
    __syncthreads();
    __threadfence();
    if (threadIdx.x == 0 && atomicAdd(ticket, 1u) == gridDim.x - 1) {
        *ticket = 0;
        *step += 1;
    }
}

#define SAMPLER_STEP(SUFFIX, T)                                                                                                 \
    extern "C" __global__ void __launch_bounds__(256, 4) sampler_step_##SUFFIX(                                                 \
        const T* __restrict__ prediction, float* latents, float* history, T* __restrict__ input,                                \
        const float* __restrict__ coefficients, int* step, unsigned* ticket, int* nonfinite, float guidance, int copies,        \
        int slots, long count) {                                                                                                \
        step_once<T>(prediction, latents, history, input, coefficients, step, ticket, nonfinite, guidance, copies, slots,       \
                     count);                                                                                                    \
    }
FOR_EACH_ELEMENT_TYPE(SAMPLER_STEP)
