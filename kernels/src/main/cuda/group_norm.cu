// Group normalisation of channels-last rows, with what stands around it in a ResNet block: the concatenation with a skip connection before
// it, the addition of the time embedding before it, SiLU after it.
//
// y [N, P, C] = silu((x + time − mean) / sqrt(variance + epsilon) · scale + shift), mean and variance over the P positions and the C / groups
// channels of a group. x is [N, P, C1] and, where `second` is given, [N, P, C − C1] behind it along the channels; `sum` [N, P, C], where
// it is given, receives them side by side. time is row *position of a table [steps, C]. scale, shift [C] float32.
//
// A group's channels are few and lie in every row, so a group is read in pieces of WIDTH elements (8, 4 or 1, whichever divides the
// group and C1 and is aligned). Two ways:
// - group_norm_whole: a block has a whole group, which it keeps in shared memory between the passes where it fits (`kept`). One launch,
//   for up to some 10^5 elements a group; the T-UNet's all.
// - group_norm_parts, group_norm_apply: for large pictures (the VAE's) each block sums up `rows` positions of all groups; mean and
//   squares of a part are combined in the order of the parts (Chan's formula), so that the result does not depend on which block ran first.
// Dynamic shared memory: at most 0 bytes that a block must have: what is kept is as much as fits, and the launcher asks the device.
#include "group_norm.cuh"

constexpr int THREADS = 512;
constexpr int MOST_THREADS = 768;  // of a whole group: 85 registers each

template <typename T>
struct Input {
    const T* x;
    const T* second;
    T* sum;
    const T* time;  // this image's row of the table, or null
    long positions;
    int channels, first_channels;

    // WIDTH elements from channel c on of a row, counted over all images; and their place in the concatenation.
    template <int WIDTH>
    __device__ __forceinline__ void load(float (&values)[WIDTH], long row, int c) const {
        if (c < first_channels) {
            Vector<T, WIDTH>::load(values, x + row * first_channels + c);
        } else {
            Vector<T, WIDTH>::load(values, second + row * (channels - first_channels) + c - first_channels);
        }
        if (sum != nullptr) {
            Vector<T, WIDTH>::store(sum + row * channels + c, values);
        }
        if (time != nullptr) {
            float added[WIDTH];
            Vector<T, WIDTH>::load(added, time + c);
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                values[i] += added[i];
            }
        }
    }
};

template <typename T>
__device__ __forceinline__ Input<T> input_of(const T* x, const T* second, T* sum, const T* time, const int* position, long time_row,
                                             long time_batch, int image, long positions, int channels, int first_channels) {
    if (time != nullptr) {
        time += image * time_batch + (position == nullptr ? 0 : *position * time_row);
    }
    return {x, second, sum, time, positions, channels, first_channels};
}

template <int WIDTH>
__device__ __forceinline__ void normalise(float (&values)[WIDTH], float mean, float inverse, const float* scale, const float* shift,
                                          bool with_silu) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
        values[i] = (values[i] - mean) * inverse * scale[i] + shift[i];
        if (with_silu) {
            values[i] = silu(values[i]);
        }
    }
}

template <typename T, int WIDTH>
__device__ __forceinline__ void whole(float* kept, Input<T> input, const float* scale, const float* shift, T* y, int groups,
                                      float epsilon, bool with_silu, bool keep) {
    __shared__ float parts[WARP];
    const int image = blockIdx.y;
    const int group_channels = input.channels / groups;
    const int first = blockIdx.x * group_channels;
    const int pieces = group_channels / WIDTH;
    const int count = (int)input.positions * pieces;
    const long first_row = image * input.positions;
    const float elements = (float)input.positions * group_channels;
    const auto read = [&](float(&values)[WIDTH], int i) {
        input.template load<WIDTH>(values, first_row + i / pieces, first + i % pieces * WIDTH);
    };
    const Group<WIDTH> group = {keep ? kept : nullptr, count};
    const float mean = group.mean(elements, parts, read);
    // Once is enough.
    input.sum = nullptr;
    const float inverse = group.inverse(mean, elements, epsilon, parts, read);
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        float values[WIDTH];
        group.load(values, i, read);
        const int c = first + i % pieces * WIDTH;
        normalise(values, mean, inverse, scale + c, shift + c, with_silu);
        Vector<T, WIDTH>::store(y + (first_row + i / pieces) * input.channels + c, values);
    }
}

// Mean and sum of squared deviations of `rows` positions of every group: part [N, parts, groups, 2]. A warp takes a group at a time.
template <typename T, int WIDTH>
__device__ __forceinline__ void parts_of(Input<T> input, float* part, int groups, int rows) {
    const int image = blockIdx.y, lane = threadIdx.x % WARP;
    const int group_channels = input.channels / groups, pieces = group_channels / WIDTH;
    const long from = (long)blockIdx.x * rows;
    const int here = (int)(input.positions - from < rows ? input.positions - from : rows);
    const long first_row = image * input.positions + from;
    const int count = here * pieces;
    for (int group = threadIdx.x / WARP; group < groups; group += blockDim.x / WARP) {
        float total = 0.0f;
        for (int i = lane; i < count; i += WARP) {
            float values[WIDTH];
            input.template load<WIDTH>(values, first_row + i / pieces, group * group_channels + i % pieces * WIDTH);
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                total += values[j];
            }
        }
        const float mean = warp_sum(total) / ((float)here * group_channels);
        Input<T> again = input;
        again.sum = nullptr;
        float squares = 0.0f;
        for (int i = lane; i < count; i += WARP) {
            float values[WIDTH];
            again.template load<WIDTH>(values, first_row + i / pieces, group * group_channels + i % pieces * WIDTH);
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                squares = fmaf(values[j] - mean, values[j] - mean, squares);
            }
        }
        squares = warp_sum(squares);
        if (lane == 0) {
            float* to = part + (((long)image * gridDim.x + blockIdx.x) * groups + group) * 2;
            to[0] = mean, to[1] = squares;
        }
    }
}

// Mean and sum of squared deviations of so many elements.
struct Moments {
    float mean, squares, count;

    __device__ __forceinline__ void add(const Moments& more) {
        if (more.count > 0.0f) {
            const float both = count + more.count, share = more.count / both, difference = more.mean - mean;
            mean = fmaf(difference, share, mean);
            squares += more.squares + difference * difference * (count * share);
            count = both;
        }
    }
};

// Normalises `rows` positions. First a warp combines the parts of a group: every lane some, then the lanes by halves.
template <typename T, int WIDTH>
__device__ __forceinline__ void apply(float* statistics, Input<T> input, const float* part, const float* scale, const float* shift, T* y,
                                      int groups, int rows, float epsilon, bool with_silu) {
    const int image = blockIdx.y, group_channels = input.channels / groups;
    for (int group = threadIdx.x / WARP; group < groups; group += blockDim.x / WARP) {
        Moments moments = {};
        for (int p = threadIdx.x % WARP; p < (int)gridDim.x; p += WARP) {
            const float* of = part + (((long)image * gridDim.x + p) * groups + group) * 2;
            const long left = input.positions - (long)p * rows;
            moments.add({of[0], of[1], (float)(left < rows ? left : rows) * group_channels});
        }
        for (int distance = WARP / 2; distance > 0; distance /= 2) {
            moments.add({__shfl_down_sync(WHOLE_WARP, moments.mean, distance), __shfl_down_sync(WHOLE_WARP, moments.squares, distance),
                         __shfl_down_sync(WHOLE_WARP, moments.count, distance)});
        }
        if (threadIdx.x % WARP == 0) {
            statistics[2 * group] = moments.mean;
            statistics[2 * group + 1] = rsqrtf(moments.squares / moments.count + epsilon);
        }
    }
    __syncthreads();
    input.sum = nullptr;
    const long from = (long)blockIdx.x * rows;
    const int here = (int)(input.positions - from < rows ? input.positions - from : rows);
    const long first_row = image * input.positions + from;
    const int pieces = input.channels / WIDTH;
    for (int i = threadIdx.x; i < here * pieces; i += blockDim.x) {
        const int c = i % pieces * WIDTH, group = c / group_channels;
        float values[WIDTH];
        input.template load<WIDTH>(values, first_row + i / pieces, c);
        normalise(values, statistics[2 * group], statistics[2 * group + 1], scale + c, shift + c, with_silu);
        Vector<T, WIDTH>::store(y + (first_row + i / pieces) * input.channels + c, values);
    }
}

#define INPUT(T)                                                                                                                \
    const T *__restrict__ x, const T *__restrict__ second, T *sum, const T *__restrict__ time, const int *__restrict__ position, \
        long time_row, long time_batch, long positions, int channels, int first_channels
#define INPUT_OF_IMAGE                                                                                                          \
    input_of(x, second, sum, time, position, time_row, time_batch, blockIdx.y, positions, channels, first_channels)

#define GROUP_NORM(WIDTH, SUFFIX, T)                                                                                            \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS) group_norm_whole_##WIDTH##_##SUFFIX(                             \
        INPUT(T), const float* __restrict__ scale, const float* __restrict__ shift, T* y, int groups, float epsilon,            \
        int with_silu, int keep) {                                                                                              \
        DYNAMIC_SHARED(kept);                                                                                                   \
        whole<T, WIDTH>(reinterpret_cast<float*>(kept), INPUT_OF_IMAGE, scale, shift, y, groups, epsilon, with_silu != 0,       \
                        keep != 0);                                                                                             \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(THREADS, 2) group_norm_parts_##WIDTH##_##SUFFIX(INPUT(T), float* part, int groups, \
                                                                                              int rows) {                       \
        parts_of<T, WIDTH>(INPUT_OF_IMAGE, part, groups, rows);                                                                 \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(THREADS, 2) group_norm_apply_##WIDTH##_##SUFFIX(                               \
        INPUT(T), const float* __restrict__ part, const float* __restrict__ scale, const float* __restrict__ shift, T* y,       \
        int groups, int rows, float epsilon, int with_silu) {                                                                   \
        DYNAMIC_SHARED(statistics);                                                                                             \
        apply<T, WIDTH>(reinterpret_cast<float*>(statistics), INPUT_OF_IMAGE, part, scale, shift, y, groups, rows, epsilon,     \
                        with_silu != 0);                                                                                        \
    }
GROUP_NORM(1, f32, float)
GROUP_NORM(4, f32, float)
GROUP_NORM(1, f16, float16)
GROUP_NORM(4, f16, float16)
GROUP_NORM(8, f16, float16)
GROUP_NORM(1, bf16, bfloat16)
GROUP_NORM(4, bf16, bfloat16)
GROUP_NORM(8, bf16, bfloat16)
