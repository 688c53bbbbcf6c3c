// The gradient of attention.cu to queries, keys and values, on tensor cores, in float16 and bfloat16.
//
// Operands as there; gradient [N, L, heads · width] is that of o. With p = softmax(scale · q kᵀ + bias), dp = gradient · vᵀ and
// ds = p (dp − Σ p dp): dq = scale · ds k, dk = scale · dsᵀ q, dv = pᵀ gradient. dq, dk, dv have rows of any stride.
//
// After Dao 2023 (FlashAttention-2, arXiv 2307.08691): scores never reach memory, and each result is made by one warp in a fixed order.
// attention_backward_queries goes through the keys twice: first for the logarithm of each query's sum of exponentials (base 2) and for
// Σ p dp, which it leaves in statistics [N, heads, L]; then for dq. attention_backward_keys then goes through the queries once. In both a warp has
// 16 rows of its own, and up to four warps share tiles of OTHERS rows of what they go through, the next of which is copied while one is worked
// on. WIDTH is the head's width rounded up to a multiple of 16; OTHERS is 64 up to WIDTH 48 and 32 beyond, so that two blocks
// fit the 100 KiB of an sm_86 as far as WIDTH 64.
//
// Few keys do not fill a GPU: then the queries are cut into `splits` ranges, each with sums of its own in partial [splits, 2, N, heads, S,
// width], float32, which attention_backward_join adds up in order.
// Dynamic shared memory: at most 69632 bytes, for WIDTH 128.
#include "attention.cuh"

constexpr int ROWS = 16;  // of a warp

// Of a warp's 16 rows with those of a tile, as far as `limit`: a lane has rows lane / 4 and lane / 4 + 8 of each matrix of 8 columns, values
// 0, 1 and 2, 3.
template <typename T, int WIDTH, int OTHERS>
__device__ __forceinline__ void multiply(float (&product)[OTHERS / 8][4], const T* rows, const T* others, int limit) {
    constexpr int STRIDE = WIDTH + 8;
    const int lane = threadIdx.x % WARP;
#pragma unroll
    for (int n = 0; n < OTHERS / 8; n++) {
        product[n][0] = product[n][1] = product[n][2] = product[n][3] = 0.0f;
    }
#pragma unroll
    for (int c = 0; c < WIDTH / 16; c++) {
        unsigned a[4];
        ldmatrix_x4(a, rows + lane % 16 * STRIDE + c * 16 + lane / 16 * 8);
#pragma unroll
        for (int n = 0; n < OTHERS / 16; n++) {
            if (n * 16 < limit) {
                unsigned b[4];
                ldmatrix_x4(b, others + (n * 16 + lane / 16 * 8 + lane % 8) * STRIDE + c * 16 + lane / 8 % 2 * 8);
                mma_m16n8k16<T>(product[2 * n], a, {b[0], b[1]});
                mma_m16n8k16<T>(product[2 * n + 1], a, {b[2], b[3]});
            }
        }
    }
}

// Adds the rows of a tile, as far as `limit`, each as often as its weight says.
template <typename T, int WIDTH, int OTHERS>
__device__ __forceinline__ void accumulate(float (&sum)[WIDTH / 8][4], const float (&weight)[OTHERS / 8][4], const T* others, int limit) {
    constexpr int STRIDE = WIDTH + 8;
    const int lane = threadIdx.x % WARP;
#pragma unroll
    for (int n = 0; n < OTHERS / 16; n++) {
        if (n * 16 < limit) {
            const unsigned a[4] = {
                pack<T>(weight[2 * n][0], weight[2 * n][1]), pack<T>(weight[2 * n][2], weight[2 * n][3]),
                pack<T>(weight[2 * n + 1][0], weight[2 * n + 1][1]), pack<T>(weight[2 * n + 1][2], weight[2 * n + 1][3])};
#pragma unroll
            for (int c = 0; c < WIDTH / 16; c++) {
                unsigned b[4];
                ldmatrix_x4_transposed(b, others + (n * 16 + lane % 16) * STRIDE + c * 16 + lane / 16 * 8);
                mma_m16n8k16<T>(sum[2 * c], a, {b[0], b[1]});
                mma_m16n8k16<T>(sum[2 * c + 1], a, {b[2], b[3]});
            }
        }
    }
}

// Writes a warp's rows, as far as they are there, times a factor.
template <typename To, int WIDTH>
__device__ __forceinline__ void store(Rows<To> to, const float (&sum)[WIDTH / 8][4], float factor, int valid, int width, bool aligned) {
    const int lane = threadIdx.x % WARP;
#pragma unroll
    for (int half = 0; half < 2; half++) {
        const int r = lane / 4 + half * 8;
#pragma unroll
        for (int n = 0; n < WIDTH / 8; n++) {
            const int c = n * 8 + lane % 4 * 2;
            const float two[2] = {sum[n][2 * half] * factor, sum[n][2 * half + 1] * factor};
            if (r < valid && c < width) {
                To* at = to.at + r * to.row + c;
                if (aligned) {
                    Vector<To, 2>::store(at, two);
                } else {
                    at[0] = from_float<To>(two[0]);
                    if (c + 1 < width) {
                        at[1] = from_float<To>(two[1]);
                    }
                }
            }
        }
    }
}

// What a lane learns of its two queries as it goes through the keys.
template <int OTHERS>
struct Statistics {
    float maximum[2] = {NEGATIVE_INFINITY, NEGATIVE_INFINITY}, total[2] = {}, weighted[2] = {};

    __device__ __forceinline__ void take(float (&score)[OTHERS / 8][4], const float (&back)[OTHERS / 8][4]) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float highest = NEGATIVE_INFINITY;
#pragma unroll
            for (int n = 0; n < OTHERS / 8; n++) {
                highest = fmaxf(highest, fmaxf(score[n][2 * half], score[n][2 * half + 1]));
            }
            // The four lanes of a row are neighbours.
            highest = fmaxf(highest, __shfl_xor_sync(WHOLE_WARP, highest, 1));
            highest = fmaxf(highest, __shfl_xor_sync(WHOLE_WARP, highest, 2));
            highest = fmaxf(highest, maximum[half]);
            // A row that has seen no key yet has no finite maximum to subtract.
            const float finite = highest == NEGATIVE_INFINITY ? 0.0f : highest;
            const float shrink = exp2f(maximum[half] - finite);
            maximum[half] = highest;
            total[half] *= shrink;
            weighted[half] *= shrink;
#pragma unroll
            for (int n = 0; n < OTHERS / 8; n++) {
#pragma unroll
                for (int i = 2 * half; i < 2 * half + 2; i++) {
                    const float e = exp2f(score[n][i] - finite);
                    total[half] += e;
                    weighted[half] = fmaf(e, back[n][i], weighted[half]);
                }
            }
        }
    }

    // The logarithm of a row's sum and Σ p dp; of a row that sees nothing, what makes its weights 0.
    __device__ __forceinline__ float2 end(int half) const {
        float sum = total[half], products = weighted[half];
        sum += __shfl_xor_sync(WHOLE_WARP, sum, 1);
        products += __shfl_xor_sync(WHOLE_WARP, products, 1);
        sum += __shfl_xor_sync(WHOLE_WARP, sum, 2);
        products += __shfl_xor_sync(WHOLE_WARP, products, 2);
        return sum > 0.0f ? make_float2(maximum[half] + log2f(sum), products / sum) : make_float2(0.0f, 0.0f);
    }
};

template <typename T>
struct Operands {
    Rows<const T> query, key, value, gradient;
    Mask<T> mask;
    int width;
    bool aligned;
};

template <typename T, int WIDTH, int OTHERS>
__device__ __forceinline__ void to_queries(unsigned char* shared, const Operands<T>& of, Rows<T> query_gradient, float2* statistics) {
    constexpr int STRIDE = WIDTH + 8;
    const int rows = blockDim.x / WARP * ROWS, first = blockIdx.x * rows, own = threadIdx.x / WARP * ROWS;
    const int queries = of.mask.queries, keys = of.mask.keys, lane = threadIdx.x % WARP;
    T* query = reinterpret_cast<T*>(shared);
    T* gradient = query + rows * STRIDE;
    T* tiles = gradient + rows * STRIDE;  // two of keys and values

    // The block's last query sees the most keys.
    const int seen = of.mask.causal ? min(keys, first + rows + keys - queries) : keys;
    const int count = (seen + OTHERS - 1) / OTHERS;
    const auto tile_of = [&](int step) { return (step < count ? step : step - count) * OTHERS; };
    const auto copy_tile = [&](int step) {
        T* to = tiles + step % 2 * 2 * OTHERS * STRIDE;
        const int tile = tile_of(step), valid = min(OTHERS, keys - tile), whole = (valid + 15) / 16 * 16;
        copy_rows<T, WIDTH>(to, of.key.from(tile).at, of.key.row, whole, valid, of.width, of.aligned);
        copy_rows<T, WIDTH>(to + OTHERS * STRIDE, of.value.from(tile).at, of.value.row, whole, valid, of.width, of.aligned);
        copy_async_commit();
    };
    const int there = min(rows, queries - first);
    copy_rows<T, WIDTH>(query, of.query.from(first).at, of.query.row, rows, there, of.width, of.aligned);
    copy_rows<T, WIDTH>(gradient, of.gradient.from(first).at, of.gradient.row, rows, there, of.width, of.aligned);
    copy_tile(0);

    Statistics<OTHERS> learned;
    float2 known[2] = {};
    float sum[WIDTH / 8][4] = {};
    for (int step = 0; step < 2 * count; step++) {
        copy_async_wait<0>();
        // Now this tile is there for all, and all have done with the one before, whose place the next one takes.
        __syncthreads();
        if (step + 1 < 2 * count) {
            copy_tile(step + 1);
        }
        const T* key = tiles + step % 2 * 2 * OTHERS * STRIDE;
        const int tile = tile_of(step), limit = keys - tile;
        float score[OTHERS / 8][4], back[OTHERS / 8][4];
        multiply<T, WIDTH, OTHERS>(score, query + own * STRIDE, key, limit);
        multiply<T, WIDTH, OTHERS>(back, gradient + own * STRIDE, key + OTHERS * STRIDE, limit);
        const bool masked = of.mask.matters(first, tile + OTHERS);
#pragma unroll
        for (int n = 0; n < OTHERS / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                score[n][i] = masked ? of.mask.of(score[n][i], first + own + lane / 4 + i / 2 * 8, tile + n * 8 + lane % 4 * 2 + i % 2)
                                     : score[n][i] * of.mask.scale;
            }
        }
        if (step < count) {
            learned.take(score, back);
            if (step == count - 1) {
                known[0] = learned.end(0);
                known[1] = learned.end(1);
            }
        } else {
#pragma unroll
            for (int n = 0; n < OTHERS / 8; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    score[n][i] = exp2f(score[n][i] - known[i / 2].x) * (back[n][i] - known[i / 2].y);
                }
            }
            accumulate<T, WIDTH, OTHERS>(sum, score, key, limit);
        }
    }
    const float factor = of.mask.scale / LOG2_E;
    store<T, WIDTH>(query_gradient.from(first + own), sum, factor, queries - first - own, of.width, of.aligned);
    if (lane % 4 == 0) {
        statistics += ((long)blockIdx.z * gridDim.y + blockIdx.y) * queries;
        for (int half = 0; half < 2; half++) {
            const int at = first + own + lane / 4 + half * 8;
            if (at < queries) {
                statistics[at] = known[half];
            }
        }
    }
}

template <typename T, int WIDTH, int OTHERS>
__device__ __forceinline__ void to_keys(unsigned char* shared, const Operands<T>& of, Rows<T> key_gradient, Rows<T> value_gradient,
                                        const float2* statistics, float* partial, int splits) {
    constexpr int STRIDE = WIDTH + 8;
    __shared__ float2 known[2][OTHERS];
    const int rows = blockDim.x / WARP * ROWS, split = blockIdx.x % splits;
    const int first = blockIdx.x / splits * rows, own = threadIdx.x / WARP * ROWS;
    const int queries = of.mask.queries, keys = of.mask.keys, lane = threadIdx.x % WARP;
    T* key = reinterpret_cast<T*>(shared);
    T* value = key + rows * STRIDE;
    T* tiles = value + rows * STRIDE;  // two of queries and gradients
    statistics += ((long)blockIdx.z * gridDim.y + blockIdx.y) * queries;

    const int count = (queries + OTHERS - 1) / OTHERS, part = (count + splits - 1) / splits;
    // The block's first key is seen by the most queries.
    const int hidden = of.mask.causal ? max(0, first - (keys - queries)) / OTHERS : 0;
    const int begin = max(split * part, hidden), end = min(count, (split + 1) * part);
    const auto copy_tile = [&](int step) {
        T* to = tiles + step % 2 * 2 * OTHERS * STRIDE;
        const int tile = step * OTHERS, valid = min(OTHERS, queries - tile), whole = (valid + 15) / 16 * 16;
        copy_rows<T, WIDTH>(to, of.query.from(tile).at, of.query.row, whole, valid, of.width, of.aligned);
        copy_rows<T, WIDTH>(to + OTHERS * STRIDE, of.gradient.from(tile).at, of.gradient.row, whole, valid, of.width, of.aligned);
        for (int i = threadIdx.x; i < OTHERS; i += blockDim.x) {
            // Beyond the last query: weights of 0.
            known[step % 2][i] = i < valid ? statistics[tile + i] : make_float2(-NEGATIVE_INFINITY, 0.0f);
        }
        copy_async_commit();
    };
    float key_sum[WIDTH / 8][4] = {}, value_sum[WIDTH / 8][4] = {};
    if (begin < end) {
        const int there = min(rows, keys - first);
        copy_rows<T, WIDTH>(key, of.key.from(first).at, of.key.row, rows, there, of.width, of.aligned);
        copy_rows<T, WIDTH>(value, of.value.from(first).at, of.value.row, rows, there, of.width, of.aligned);
        copy_tile(begin);
    }
    for (int step = begin; step < end; step++) {
        copy_async_wait<0>();
        // Now this tile is there for all, and all have done with the one before, whose place the next one takes.
        __syncthreads();
        if (step + 1 < end) {
            copy_tile(step + 1);
        }
        const T* query = tiles + step % 2 * 2 * OTHERS * STRIDE;
        const T* gradient = query + OTHERS * STRIDE;
        const int tile = step * OTHERS, limit = queries - tile;
        float weight[OTHERS / 8][4], back[OTHERS / 8][4];
        multiply<T, WIDTH, OTHERS>(weight, key + own * STRIDE, query, limit);
        const bool masked = of.mask.matters(tile, first + rows);
#pragma unroll
        for (int n = 0; n < OTHERS / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int column = n * 8 + lane % 4 * 2 + i % 2;
                const float score = masked ? of.mask.of(weight[n][i], tile + column, first + own + lane / 4 + i / 2 * 8)
                                           : weight[n][i] * of.mask.scale;
                weight[n][i] = exp2f(score - known[step % 2][column].x);
            }
        }
        accumulate<T, WIDTH, OTHERS>(value_sum, weight, gradient, limit);
        multiply<T, WIDTH, OTHERS>(back, value + own * STRIDE, gradient, limit);
#pragma unroll
        for (int n = 0; n < OTHERS / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                weight[n][i] *= back[n][i] - known[step % 2][n * 8 + lane % 4 * 2 + i % 2].y;
            }
        }
        accumulate<T, WIDTH, OTHERS>(key_sum, weight, query, limit);
    }
    const int valid = keys - first - own;
    const float factor = of.mask.scale / LOG2_E;
    if (splits == 1) {
        store<T, WIDTH>(key_gradient.from(first + own), key_sum, factor, valid, of.width, of.aligned);
        store<T, WIDTH>(value_gradient.from(first + own), value_sum, 1.0f, valid, of.width, of.aligned);
    } else {
        const long each = (long)gridDim.z * gridDim.y * keys * of.width;
        const long at = (((long)blockIdx.z * gridDim.y + blockIdx.y) * keys + first + own) * of.width;
        partial += split * 2 * each + at;
        store<float, WIDTH>({partial, of.width}, key_sum, factor, valid, of.width, of.aligned);
        store<float, WIDTH>({partial + each, of.width}, value_sum, 1.0f, valid, of.width, of.aligned);
    }
}

#define OPERANDS(T)                                                                                                             \
    const T *__restrict__ q, const T *__restrict__ k, const T *__restrict__ v, const T *__restrict__ gradient,                  \
        const void *__restrict__ bias, int queries, int keys, int width, float scale, int causal, int bias_is_float,            \
        int aligned, long query_batch, long query_row, long key_batch, long key_row, long value_batch, long value_row,          \
        long gradient_batch, long gradient_row, long bias_batch, long bias_row
#define OPERANDS_OF_BLOCK                                                                                                       \
    {rows_of_block(q, query_batch, query_row, width),                                                                           \
     rows_of_block(k, key_batch, key_row, width),                                                                               \
     rows_of_block(v, value_batch, value_row, width),                                                                           \
     rows_of_block(gradient, gradient_batch, gradient_row, width),                                                              \
     {bias, blockIdx.z * bias_batch, bias_row, queries, keys, scale * LOG2_E, LOG2_E, causal != 0, bias_is_float != 0},         \
     width,                                                                                                                     \
     aligned != 0}

#define BACKWARD(WIDTH, OTHERS, SUFFIX, T)                                                                                      \
    extern "C" __global__ void __launch_bounds__(128, 3) attention_backward_queries_##WIDTH##_##SUFFIX(                         \
        OPERANDS(T), T* dq, long dq_batch, long dq_row, float2* __restrict__ statistics) {                                      \
        DYNAMIC_SHARED(shared);                                                                                                 \
        to_queries<T, WIDTH, OTHERS>(shared, OPERANDS_OF_BLOCK, rows_of_block(dq, dq_batch, dq_row, width), statistics);        \
    }                                                                                                                           \
    extern "C" __global__ void __launch_bounds__(128, 2) attention_backward_keys_##WIDTH##_##SUFFIX(                            \
        OPERANDS(T), T* dk, long dk_batch, long dk_row, T* dv, long dv_batch, long dv_row,                                      \
        const float2* __restrict__ statistics, float* __restrict__ partial, int splits) {                                       \
        DYNAMIC_SHARED(shared);                                                                                                 \
        to_keys<T, WIDTH, OTHERS>(shared, OPERANDS_OF_BLOCK, rows_of_block(dk, dk_batch, dk_row, width),                        \
                                  rows_of_block(dv, dv_batch, dv_row, width), statistics, partial, splits);                     \
    }
#define BOTH(WIDTH, OTHERS) BACKWARD(WIDTH, OTHERS, f16, float16) BACKWARD(WIDTH, OTHERS, bf16, bfloat16)
BOTH(16, 64)
BOTH(32, 64)
BOTH(48, 64)
BOTH(64, 32)
BOTH(80, 32)
BOTH(96, 32)
BOTH(128, 32)
