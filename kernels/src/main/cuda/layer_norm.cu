// Layer normalisation over the C columns of a row, and its gradient to what is normalised. scale, shift [C] float32.
//
// forward:  y [rows, C] = z · scale + shift, z = (x − mean) / sqrt(variance + epsilon). Rows of x may lie `row` elements apart; y is dense
// backward: y [rows, C] = (g − mean(g) − z · mean(g z)) / sqrt(variance + epsilon), g = gradient · scale; all dense
//
// A warp has a row, which it keeps in registers: PIECES vectors of WIDTH elements a lane, so the row is read once. WIDTH is 16 bytes,
// where they are aligned; PIECES the least of 1, 2, 4 that suffices (128 to 1024 columns of 16 bits). Longer rows, or rows that are not
// aligned, are read again from the cache by layer_norm_long, a block a row.
#include "elements.cuh"

constexpr int WARPS = 4;

template <typename T, int PIECES>
__device__ __forceinline__ void normalise(const T* x, long row_stride, const float* scale, const float* shift, T* y, long rows,
                                          int columns, float epsilon) {
    constexpr int WIDTH = WIDEST<T>;
    const long row = (long)blockIdx.x * WARPS + threadIdx.x / WARP;
    if (row >= rows) {
        return;  // a whole warp, and no barrier follows
    }
    const int lane = threadIdx.x % WARP;
    float values[PIECES][WIDTH];
    float total = 0.0f;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        const int c = (p * WARP + lane) * WIDTH;
        if (c < columns) {
            Vector<T, WIDTH>::load(values[p], x + row * row_stride + c);
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                total += values[p][i];
            }
        }
    }
    const float mean = warp_sum(total) / columns;
    float squares = 0.0f;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        if ((p * WARP + lane) * WIDTH < columns) {
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                values[p][i] -= mean;
                squares = fmaf(values[p][i], values[p][i], squares);
            }
        }
    }
    const float inverse = rsqrtf(warp_sum(squares) / columns + epsilon);
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        const int c = (p * WARP + lane) * WIDTH;
        if (c < columns) {
#pragma unroll
            for (int i = 0; i < WIDTH; i += 4) {
                float factor[4], offset[4];
                Vector<float, 4>::load(factor, scale + c + i);
                Vector<float, 4>::load(offset, shift + c + i);
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    values[p][i + j] = fmaf(values[p][i + j] * inverse, factor[j], offset[j]);
                }
            }
            Vector<T, WIDTH>::store(y + row * columns + c, values[p]);
        }
    }
}

template <typename T>
__device__ __forceinline__ void normalise_long(const T* x, const float* scale, const float* shift, T* y, int columns, float epsilon) {
    __shared__ float parts[WARP];
    float total = 0.0f;
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
        total += to_float(x[c]);
    }
    const float mean = block_sum(total, parts) / columns;
    float squares = 0.0f;
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
        const float difference = to_float(x[c]) - mean;
        squares = fmaf(difference, difference, squares);
    }
    const float inverse = rsqrtf(block_sum(squares, parts) / columns + epsilon);
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
        y[c] = from_float<T>(fmaf((to_float(x[c]) - mean) * inverse, scale[c], shift[c]));
    }
}

template <typename T, int PIECES>
__device__ __forceinline__ void backward(const T* x, const float* scale, const T* gradient, T* y, long rows, int columns, float epsilon) {
    constexpr int WIDTH = WIDEST<T>;
    const long row = (long)blockIdx.x * WARPS + threadIdx.x / WARP;
    if (row >= rows) {
        return;  // a whole warp, and no barrier follows
    }
    const int lane = threadIdx.x % WARP;
    float values[PIECES][WIDTH], gradients[PIECES][WIDTH];
    float total = 0.0f, gradient_total = 0.0f;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        const int c = (p * WARP + lane) * WIDTH;
        if (c < columns) {
            Vector<T, WIDTH>::load(values[p], x + row * columns + c);
            Vector<T, WIDTH>::load(gradients[p], gradient + row * columns + c);
#pragma unroll
            for (int i = 0; i < WIDTH; i += 4) {
                float factor[4];
                Vector<float, 4>::load(factor, scale + c + i);
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    gradients[p][i + j] *= factor[j];
                    gradient_total += gradients[p][i + j];
                    total += values[p][i + j];
                }
            }
        }
    }
    const float mean = warp_sum(total) / columns, gradient_mean = warp_sum(gradient_total) / columns;
    float squares = 0.0f, products = 0.0f;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        if ((p * WARP + lane) * WIDTH < columns) {
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                values[p][i] -= mean;
                squares = fmaf(values[p][i], values[p][i], squares);
                products = fmaf(values[p][i], gradients[p][i], products);
            }
        }
    }
    const float inverse = rsqrtf(warp_sum(squares) / columns + epsilon);
    const float slope = warp_sum(products) / columns * inverse * inverse;
#pragma unroll
    for (int p = 0; p < PIECES; p++) {
        const int c = (p * WARP + lane) * WIDTH;
        if (c < columns) {
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                gradients[p][i] = (gradients[p][i] - gradient_mean - values[p][i] * slope) * inverse;
            }
            Vector<T, WIDTH>::store(y + row * columns + c, gradients[p]);
        }
    }
}

template <typename T>
__device__ __forceinline__ void backward_long(const T* x, const float* scale, const T* gradient, T* y, int columns, float epsilon) {
    __shared__ float parts[WARP];
    float total = 0.0f, gradient_total = 0.0f;
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
        total += to_float(x[c]);
        gradient_total = fmaf(to_float(gradient[c]), scale[c], gradient_total);
    }
    const float mean = block_sum(total, parts) / columns;
    const float gradient_mean = block_sum(gradient_total, parts) / columns;
    float squares = 0.0f, products = 0.0f;
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
        const float difference = to_float(x[c]) - mean;
        squares = fmaf(difference, difference, squares);
        products = fmaf(difference, to_float(gradient[c]) * scale[c], products);
    }
    const float inverse = rsqrtf(block_sum(squares, parts) / columns + epsilon);
    const float slope = block_sum(products, parts) / columns * inverse * inverse;
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
        const float g = to_float(gradient[c]) * scale[c];
        y[c] = from_float<T>((g - gradient_mean - (to_float(x[c]) - mean) * slope) * inverse);
    }
}

#define LAYER_NORM(PIECES, SUFFIX, T)                                                                                           \
    extern "C" __global__ void __launch_bounds__(WARPS* WARP, 8) layer_norm_##PIECES##_##SUFFIX(                                \
        const T* __restrict__ x, long row, const float* __restrict__ scale, const float* __restrict__ shift, T* y, long rows,   \
        int columns, float epsilon) {                                                                                           \
        normalise<T, PIECES>(x, row, scale, shift, y, rows, columns, epsilon);                                                  \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(WARPS* WARP, 4) layer_norm_backward_##PIECES##_##SUFFIX(                       \
        const T* __restrict__ x, const float* __restrict__ scale, const T* __restrict__ gradient, T* y, long rows, int columns, \
        float epsilon) {                                                                                                        \
        backward<T, PIECES>(x, scale, gradient, y, rows, columns, epsilon);                                                     \
    }
#define ALL(SUFFIX, T)                                                                                                          \
    LAYER_NORM(1, SUFFIX, T)                                                                                                    \
    LAYER_NORM(2, SUFFIX, T)                                                                                                    \
    LAYER_NORM(4, SUFFIX, T)                                                                                                    \
    extern "C" __global__ void __launch_bounds__(256, 4) layer_norm_long_##SUFFIX(                                              \
        const T* __restrict__ x, long row, const float* __restrict__ scale, const float* __restrict__ shift, T* y, long rows,   \
        int columns, float epsilon) {                                                                                           \
        normalise_long<T>(x + blockIdx.x * row, scale, shift, y + (long)blockIdx.x * columns, columns, epsilon);                \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(256, 4) layer_norm_backward_long_##SUFFIX(                                     \
        const T* __restrict__ x, const float* __restrict__ scale, const T* __restrict__ gradient, T* y, long rows, int columns, \
        float epsilon) {                                                                                                        \
        const long row = (long)blockIdx.x * columns;                                                                            \
        backward_long<T>(x + row, scale, gradient + row, y + row, columns, epsilon);                                            \
    }
FOR_EACH_ELEMENT_TYPE(ALL)
