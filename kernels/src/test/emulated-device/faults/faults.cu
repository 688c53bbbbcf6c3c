// Kernels with one fault each, that the emulated device must see, and the same without it where the result shows it.
#include "device.cuh"

extern "C" __global__ void faults_reverse_f32(float* y) {
    __shared__ float tile[64];
    tile[threadIdx.x] = threadIdx.x;
    __syncthreads();
    y[threadIdx.x] = tile[63 - threadIdx.x];
}

extern "C" __global__ void faults_missing_barrier_f32(float* y) {
    __shared__ float tile[64];
    tile[threadIdx.x] = threadIdx.x;
    y[threadIdx.x] = tile[63 - threadIdx.x];
}

extern "C" __global__ void faults_barrier_for_half_f32(float* y) {
    if (threadIdx.x < 32) {
        __syncthreads();
    }
    y[threadIdx.x] = 1;
}

extern "C" __global__ void faults_two_barriers_f32(float* y) {
    if (threadIdx.x < 32) {
        __syncthreads();
    } else {
        __syncthreads();
    }
    y[threadIdx.x] = 1;
}

extern "C" __global__ void faults_misaligned_f32(float* y) {
    *reinterpret_cast<float4*>(y + 1) = make_float4(0, 1, 2, 3);
}

extern "C" __global__ void faults_write_f32(float* y, long index) {
    y[index] = 1;
}

extern "C" __global__ void faults_read_f32(float* y, long index) {
    y[0] = y[index];
}

extern "C" __global__ void faults_static_and_dynamic_f32(float* y) {
    __shared__ float tile[64];
    DYNAMIC_SHARED(shared);
    tile[threadIdx.x] = threadIdx.x;
    shared[threadIdx.x] = 1;
    y[threadIdx.x] = tile[threadIdx.x];
}

extern "C" __global__ void faults_unwritten_shared_f32(float* y) {
    __shared__ float tile[64];
    y[threadIdx.x] = tile[threadIdx.x];
}

extern "C" __global__ void faults_shared_overrun_f32(float* y, int index) {
    __shared__ float tile[64];
    tile[index] = 1;
    y[threadIdx.x] = tile[0];
}

extern "C" __global__ void faults_unwaited_copy_f32(float* y) {
    DYNAMIC_SHARED(shared);
    copy_async_16(shared + 16 * threadIdx.x, y + 4 * threadIdx.x, true);
    copy_async_commit();
    y[64 + threadIdx.x] = reinterpret_cast<float*>(shared)[4 * threadIdx.x];
}

extern "C" __global__ void faults_half_a_warp_f32(float* y) {
    float sum = threadIdx.x;
    if (threadIdx.x < 16) {
        sum += __shfl_xor_sync(0xffffffffu, sum, 1);
    }
    y[threadIdx.x] = sum;
}

extern "C" __global__ void faults_matrix_row_f32(float* y) {
    DYNAMIC_SHARED(shared);
    unsigned r[4];
    ldmatrix_x4(r, shared + 16 * threadIdx.x + 2);
    y[threadIdx.x] = __uint_as_float(r[0]);
}

extern "C" __global__ void __launch_bounds__(64) faults_bound_f32(float* y) {
    y[threadIdx.x] = 1;
}
