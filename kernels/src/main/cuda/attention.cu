// Scaled dot-product attention on tensor cores: o = softmax(scale · q kᵀ + bias) v, of several heads, in float16 and bfloat16.
//
// q, o [N, L, heads · width], k, v [N, S, heads · width]: rows of any stride, so that they may be parts of one packed projection; head h
// takes the columns from h · width on. bias [N|1, L|1, S], float32 or like q. log_sum_exp [N, heads, L] float32 (natural logarithm),
// where it is wanted. Causal: query i sees keys 0 … S − L + i.
//
// After Dao 2023 (FlashAttention-2, arXiv 2307.08691): scores never reach memory. A warp keeps 16 queries and their sums in registers,
// up to four warps share tiles of KEYS keys and values, the next of which is copied while one is worked on. WIDTH is the head's width
// rounded up to a multiple of 16, the tensor cores' step (the rest is zeros). KEYS is 64 up to WIDTH 64 and 32 beyond, so that two blocks
// fit the 100 KiB of an sm_86. The launcher knows WIDTH, KEYS and the padding of rows too.
// Dynamic shared memory: at most 52224 bytes, for WIDTH 128.
#include "attention.cuh"

constexpr float LN_2 = 0.69314718055994531f;
constexpr int QUERIES = 16;  // of a warp

struct Sizes {
    int heads, queries, keys, width;
    long query_batch, query_row, key_batch, key_row, value_batch, value_row, output_batch, output_row, bias_batch, bias_row;
    bool causal, bias_is_float, aligned;
};

// What a warp knows of its 16 queries. A lane has rows lane / 4 and lane / 4 + 8 of each matrix of 8 columns: values 0, 1 and 2, 3.
template <typename T, int WIDTH, int KEYS>
struct Softmax {
    unsigned query[WIDTH / 16][4];
    float sum[WIDTH / 8][4];  // of exp2(score − maximum) · value
    float maximum[2], total[2];

    __device__ __forceinline__ void begin(const T* queries) {
        const int lane = threadIdx.x % WARP;
#pragma unroll
        for (int c = 0; c < WIDTH / 16; c++) {
            ldmatrix_x4(query[c], queries + lane % 16 * (WIDTH + 8) + c * 16 + lane / 16 * 8);
        }
#pragma unroll
        for (int c = 0; c < WIDTH / 8; c++) {
            sum[c][0] = sum[c][1] = sum[c][2] = sum[c][3] = 0.0f;
        }
        maximum[0] = maximum[1] = NEGATIVE_INFINITY;
        total[0] = total[1] = 0.0f;
    }

    // Takes in a tile. Keys from `limit` on (counted in the tile) are not there; where MASKED, `mask` changes every score.
    template <bool MASKED, typename Mask>
    __device__ __forceinline__ void take(const T* keys, const T* values, int limit, float scale, Mask mask) {
        constexpr int STRIDE = WIDTH + 8;
        const int lane = threadIdx.x % WARP;
        float score[KEYS / 8][4];
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++) {
            score[n][0] = score[n][1] = score[n][2] = score[n][3] = 0.0f;
        }
#pragma unroll
        for (int n = 0; n < KEYS / 16; n++) {
            if (!MASKED || n * 16 < limit) {
#pragma unroll
                for (int c = 0; c < WIDTH / 16; c++) {
                    unsigned b[4];
                    ldmatrix_x4(b, keys + (n * 16 + lane / 16 * 8 + lane % 8) * STRIDE + c * 16 + lane / 8 % 2 * 8);
                    mma_m16n8k16<T>(score[2 * n], query[c], {b[0], b[1]});
                    mma_m16n8k16<T>(score[2 * n + 1], query[c], {b[2], b[3]});
                }
            }
        }
        if (MASKED) {
#pragma unroll
            for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    score[n][i] = mask(score[n][i] * scale, lane / 4 + i / 2 * 8, n * 8 + lane % 4 * 2 + i % 2);
                }
            }
            scale = 1.0f;
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float highest = NEGATIVE_INFINITY;
#pragma unroll
            for (int n = 0; n < KEYS / 8; n++) {
                highest = fmaxf(highest, fmaxf(score[n][2 * half], score[n][2 * half + 1]));
            }
            // The four lanes of a row are neighbours.
            highest = fmaxf(highest, __shfl_xor_sync(WHOLE_WARP, highest, 1));
            highest = fmaxf(highest, __shfl_xor_sync(WHOLE_WARP, highest, 2));
            const float now = fmaxf(maximum[half], highest * scale);
            // A row that has seen no key yet has no finite maximum to subtract.
            const float finite = now == NEGATIVE_INFINITY ? 0.0f : now;
            const float shrink = exp2f(maximum[half] - finite);
            maximum[half] = now;
            float tile_total = 0.0f;
#pragma unroll
            for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
                for (int i = 2 * half; i < 2 * half + 2; i++) {
                    score[n][i] = exp2f(fmaf(score[n][i], scale, -finite));
                    tile_total += score[n][i];
                }
            }
            total[half] = fmaf(total[half], shrink, tile_total);
#pragma unroll
            for (int c = 0; c < WIDTH / 8; c++) {
                sum[c][2 * half] *= shrink;
                sum[c][2 * half + 1] *= shrink;
            }
        }
#pragma unroll
        for (int n = 0; n < KEYS / 16; n++) {
            if (!MASKED || n * 16 < limit) {
                const unsigned a[4] = {
                    pack<T>(score[2 * n][0], score[2 * n][1]), pack<T>(score[2 * n][2], score[2 * n][3]),
                    pack<T>(score[2 * n + 1][0], score[2 * n + 1][1]), pack<T>(score[2 * n + 1][2], score[2 * n + 1][3])};
#pragma unroll
                for (int c = 0; c < WIDTH / 16; c++) {
                    unsigned b[4];
                    ldmatrix_x4_transposed(b, values + (n * 16 + lane % 16) * STRIDE + c * 16 + lane / 16 * 8);
                    mma_m16n8k16<T>(sum[2 * c], a, {b[0], b[1]});
                    mma_m16n8k16<T>(sum[2 * c + 1], a, {b[2], b[3]});
                }
            }
        }
    }

    // Divides by the totals and leaves the 16 rows in `rows`; gives log2 of the totals of this lane's two rows.
    __device__ __forceinline__ void end(T* rows, float (&logarithm)[2]) {
        const int lane = threadIdx.x % WARP;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            total[half] += __shfl_xor_sync(WHOLE_WARP, total[half], 1);
            total[half] += __shfl_xor_sync(WHOLE_WARP, total[half], 2);
            logarithm[half] = maximum[half] + log2f(total[half]);
            const float inverse = total[half] > 0.0f ? 1.0f / total[half] : 0.0f;
            T* row = rows + (lane / 4 + half * 8) * (WIDTH + 8) + lane % 4 * 2;
#pragma unroll
            for (int c = 0; c < WIDTH / 8; c++) {
                *reinterpret_cast<unsigned*>(row + c * 8) =
                    pack<T>(sum[c][2 * half] * inverse, sum[c][2 * half + 1] * inverse);
            }
        }
    }
};

template <typename T, int WIDTH, int KEYS>
__device__ __forceinline__ void attend(unsigned char* shared, const T* q, const T* k, const T* v, const void* bias, T* o,
                                       float* log_sum_exp, float scale, const Sizes& size) {
    constexpr int STRIDE = WIDTH + 8;
    const int head = blockIdx.y, image = blockIdx.z;
    const int block_queries = blockDim.x / WARP * QUERIES;
    const int first = blockIdx.x * block_queries;
    const int warp_first = threadIdx.x / WARP * QUERIES;
    q += image * size.query_batch + first * size.query_row + head * size.width;
    k += image * size.key_batch + head * size.width;
    v += image * size.value_batch + head * size.width;
    o += image * size.output_batch + (first + warp_first) * size.output_row + head * size.width;
    T* queries = reinterpret_cast<T*>(shared);
    T* tiles = queries + block_queries * STRIDE;  // two of keys and values

    // The block's last query sees the most keys.
    const int before = size.keys - size.queries;
    const int seen = size.causal ? min(size.keys, first + block_queries + before) : size.keys;
    const int count = (seen + KEYS - 1) / KEYS;
    const auto copy_tile = [&](int tile) {
        T* to = tiles + tile % 2 * 2 * KEYS * STRIDE;
        const int valid = min(KEYS, size.keys - tile * KEYS);
        const int rows = (valid + 15) / 16 * 16;
        copy_rows<T, WIDTH>(to, k + (long)tile * KEYS * size.key_row, size.key_row, rows, valid, size.width, size.aligned);
        copy_rows<T, WIDTH>(to + KEYS * STRIDE, v + (long)tile * KEYS * size.value_row, size.value_row, rows, valid, size.width,
                            size.aligned);
        copy_async_commit();
    };
    copy_rows<T, WIDTH>(queries, q, size.query_row, block_queries, min(block_queries, size.queries - first), size.width,
                        size.aligned);
    copy_tile(0);

    Softmax<T, WIDTH, KEYS> softmax;
    for (int tile = 0; tile < count; tile++) {
        copy_async_wait<0>();
        // Now this tile is there for all, and all have done with the one before, whose place the next one takes.
        __syncthreads();
        if (tile == 0) {
            softmax.begin(queries + warp_first * STRIDE);
        }
        if (tile + 1 < count) {
            copy_tile(tile + 1);
        }
        const T* keys = tiles + tile % 2 * 2 * KEYS * STRIDE;
        const int limit = size.keys - tile * KEYS;
        const auto mask = [&](float score, int row, int column) {
            const int query = min(first + warp_first + row, size.queries - 1), key = tile * KEYS + column;
            if (column >= limit || (size.causal && key > query + before)) {
                return NEGATIVE_INFINITY;
            }
            if (bias == nullptr) {
                return score;
            }
            const long at = image * size.bias_batch + query * size.bias_row + key;
            const float added =
                size.bias_is_float ? static_cast<const float*>(bias)[at] : to_float(static_cast<const T*>(bias)[at]);
            return fmaf(added, LOG2_E, score);
        };
        const bool all_seen = limit >= KEYS && !(size.causal && (tile + 1) * KEYS > first + before + 1);
        if (all_seen && bias == nullptr) {
            softmax.template take<false>(keys, keys + KEYS * STRIDE, KEYS, scale * LOG2_E, mask);
        } else {
            softmax.template take<true>(keys, keys + KEYS * STRIDE, limit, scale * LOG2_E, mask);
        }
    }

    // A warp's queries are in its registers: their place takes the result, to be written in whole rows.
    T* rows = queries + warp_first * STRIDE;
    float logarithm[2];
    softmax.end(rows, logarithm);
    __syncwarp(WHOLE_WARP);
    const int lane = threadIdx.x % WARP;
    const int valid = min(QUERIES, size.queries - first - warp_first);
    if (size.aligned) {
        const int chunks = size.width / 8;
        for (int i = lane; i < valid * chunks; i += WARP) {
            const int r = i / chunks, c = i % chunks * 8;
            *reinterpret_cast<uint4*>(o + r * size.output_row + c) = *reinterpret_cast<const uint4*>(rows + r * STRIDE + c);
        }
    } else {
        for (int i = lane; i < valid * size.width; i += WARP) {
            const int r = i / size.width, c = i % size.width;
            o[r * size.output_row + c] = rows[r * STRIDE + c];
        }
    }
    if (log_sum_exp != nullptr && lane % 4 == 0) {
        float* row = log_sum_exp + ((long)image * size.heads + head) * size.queries + first + warp_first;
        for (int half = 0; half < 2; half++) {
            if (lane / 4 + half * 8 < valid) {
                row[lane / 4 + half * 8] = logarithm[half] * LN_2;
            }
        }
    }
}

#define ATTENTION(WIDTH, KEYS, SUFFIX, T)                                                                                       \
    extern "C" __global__ void __launch_bounds__(128) attention_##WIDTH##_##SUFFIX(                                             \
        const T* __restrict__ q, const T* __restrict__ k, const T* __restrict__ v, const void* __restrict__ bias, T* o,         \
        float* log_sum_exp, int heads, int queries, int keys, int width, float scale, int causal, int bias_is_float,            \
        int aligned, long query_batch, long query_row, long key_batch, long key_row, long value_batch, long value_row,          \
        long output_batch, long output_row, long bias_batch, long bias_row) {                                                   \
        DYNAMIC_SHARED(shared);                                                                                                 \
        attend<T, WIDTH, KEYS>(shared, q, k, v, bias, o, log_sum_exp, scale,                                                    \
                               {heads, queries, keys, width, query_batch, query_row, key_batch, key_row, value_batch,           \
                                value_row, output_batch, output_row, bias_batch, bias_row, causal != 0, bias_is_float != 0,     \
                                aligned != 0});                                                                                 \
    }
#define BOTH(WIDTH, KEYS) ATTENTION(WIDTH, KEYS, f16, float16) ATTENTION(WIDTH, KEYS, bf16, bfloat16)
BOTH(16, 64)
BOTH(32, 64)
BOTH(48, 64)
BOTH(64, 64)
BOTH(80, 32)
BOTH(96, 32)
BOTH(128, 32)
