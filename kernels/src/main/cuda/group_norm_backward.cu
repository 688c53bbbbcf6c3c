// The gradient of group normalisation, and of SiLU behind it, to what is normalised: channels-last rows x, gradient, y [N, P, C].
//
// With z = (x − mean) / sqrt(variance + epsilon) over the P positions and the C / groups channels of a group, and g = gradient · scale:
// y = (g − mean(g) − z · mean(g z)) / sqrt(variance + epsilon). Where SiLU follows, gradient is that of its result, and its slope is
// computed again from x: what it was applied to, z · scale + shift, needs not be kept for the way back. scale, shift [C] float32.
//
// A block has a group, in pieces of WIDTH elements (8, 4 or 1, whichever divides its channels and is aligned): a pass for the mean, one for the
// variance, one for both means of the gradient, one that writes. x stays in shared memory between them where it fits (`keep`).
// Dynamic shared memory: at most 0 bytes that a block must have: what is kept is as much as fits, and the launcher asks the device.
#include "group_norm.cuh"

constexpr int MOST_THREADS = 768;  // 85 registers each

template <typename T, int WIDTH>
__device__ __forceinline__ void backward(float* kept, const T* x, const float* scale, const float* shift, const T* gradient, T* y,
                                         int positions, int channels, int groups, float epsilon, bool with_silu, bool keep) {
    __shared__ float parts[WARP];
    const int group_channels = channels / groups;
    const int first = blockIdx.x * group_channels;
    const int pieces = group_channels / WIDTH;
    const int count = positions * pieces;
    const long first_row = (long)blockIdx.y * positions;
    const float elements = (float)positions * group_channels;
    const auto at = [&](int i) { return (first_row + i / pieces) * channels + first + i % pieces * WIDTH; };
    const auto read = [&](float(&values)[WIDTH], int i) { Vector<T, WIDTH>::load(values, x + at(i)); };
    const Group<WIDTH> group = {keep ? kept : nullptr, count};
    const float mean = group.mean(elements, parts, read);
    const float inverse = group.inverse(mean, elements, epsilon, parts, read);
    // Leaves z in values and g in gradients.
    const auto load_both = [&](float(&values)[WIDTH], float(&gradients)[WIDTH], int i) {
        group.load(values, i, read);
        Vector<T, WIDTH>::load(gradients, gradient + at(i));
        const int c = first + i % pieces * WIDTH;
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            values[j] = (values[j] - mean) * inverse;
            if (with_silu) {
                gradients[j] *= silu_slope(fmaf(values[j], scale[c + j], shift[c + j]));
            }
            gradients[j] *= scale[c + j];
        }
    };
    float sum = 0.0f, products = 0.0f;
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        float values[WIDTH], gradients[WIDTH];
        load_both(values, gradients, i);
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            sum += gradients[j];
            products = fmaf(gradients[j], values[j], products);
        }
    }
    const float gradient_mean = block_sum(sum, parts) / elements;
    const float slope = block_sum(products, parts) / elements;
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        float values[WIDTH], gradients[WIDTH];
        load_both(values, gradients, i);
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            gradients[j] = (gradients[j] - gradient_mean - values[j] * slope) * inverse;
        }
        Vector<T, WIDTH>::store(y + at(i), gradients);
    }
}

#define GROUP_NORM(WIDTH, SUFFIX, T)                                                                                            \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1) group_norm_backward_##WIDTH##_##SUFFIX(                       \
        const T* __restrict__ x, const float* __restrict__ scale, const float* __restrict__ shift,                              \
        const T* __restrict__ gradient, T* __restrict__ y, int positions, int channels, int groups, float epsilon,              \
        int with_silu, int keep) {                                                                                              \
        DYNAMIC_SHARED(kept);                                                                                                   \
        backward<T, WIDTH>(reinterpret_cast<float*>(kept), x, scale, shift, gradient, y, positions, channels, groups, epsilon,  \
                           with_silu != 0, keep != 0);                                                                          \
    }
GROUP_NORM(1, f32, float)
GROUP_NORM(4, f32, float)
GROUP_NORM(1, f16, float16)
GROUP_NORM(4, f16, float16)
GROUP_NORM(8, f16, float16)
GROUP_NORM(1, bf16, bfloat16)
GROUP_NORM(4, bf16, bfloat16)
GROUP_NORM(8, bf16, bfloat16)
