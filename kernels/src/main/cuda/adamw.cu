// An update of AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2), with the gradient's norm clipped: weight, first, second [count]
// change in place, gradient [count] stays; everything is float32.
//
// What changes from update to update lies in device memory, so that a launch stays as it was prepared. numbers: what a weight keeps (1 −
// rate · decay), the step (rate / (1 − β₁ᵗ)), the correction of the second moment (√(1 − β₂ᵗ)), what undoes the loss scale, the greatest norm.
// sum_of_squares is that of the gradients as they are; null clips nothing. Where it is not finite, nothing changes.
#include "elements.cuh"

extern "C" __global__ void __launch_bounds__(256, 4)
    adamw_update(float* __restrict__ weight, const float* __restrict__ gradient, float* __restrict__ first, float* __restrict__ second,
                 long count, const float* __restrict__ numbers, const float* __restrict__ sum_of_squares, float first_share,
                 float second_kept, float second_share, float epsilon) {
    const float kept = numbers[0], step = numbers[1], correction = numbers[2], unscale = numbers[3], most = numbers[4];
    float factor = unscale;
    if (sum_of_squares != nullptr) {
        const float norm = unscale * sqrtf(*sum_of_squares);
        if (!isfinite(norm)) {
            return;
        }
        factor *= fminf(1.0f, most / (norm + 1e-6f));
    }
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        const float g = factor * gradient[i];
        const float mean = first[i] + first_share * (g - first[i]);
        const float square = second_kept * second[i] + second_share * g * g;
        first[i] = mean;
        second[i] = square;
        weight[i] = kept * weight[i] - step * mean / (sqrtf(square) / correction + epsilon);
    }
}
