// SiLU and its gradient. y = x * sigmoid(x); element-wise, any shape, one pass over memory.
// forward:  y  [n] overwritten            backward: dx [n] overwritten, from x and dy

extern "C" __global__ void silu_forward_f32(const float* __restrict__ x, float* __restrict__ y, long n) {
    const long stride = (long)gridDim.x * blockDim.x;
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) {
        y[i] = x[i] / (1.0f + expf(-x[i]));
    }
}

extern "C" __global__ void silu_backward_f32(
    const float* __restrict__ x, const float* __restrict__ dy, float* __restrict__ dx, long n) {
    const long stride = (long)gridDim.x * blockDim.x;
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) {
        const float sigmoid = 1.0f / (1.0f + expf(-x[i]));
        dx[i] = dy[i] * sigmoid * (1.0f + x[i] * (1.0f - sigmoid));
    }
}
