// Convolutions as products: a row of the left operand is what a result's position sees through the window.
#include <algorithm>
#include <atomic>

#include "../execution/product.h"
#include "convolution.h"

namespace emulated {
namespace {

constexpr int C = 1;
constexpr int H = 2;
constexpr int W = 3;

std::atomic<unsigned> runs{0};

struct Position {
    long picture;
    long row;
    long column;
};

Position position_of(const Tensor& tensor, long number) {
    return {number / (tensor.extents[H] * tensor.extents[W]), number / tensor.extents[W] % tensor.extents[H],
            number % tensor.extents[W]};
}

long offset_of(const Tensor& tensor, const Position& at) {
    // An extent of 1 is repeated.
    return (tensor.extents[0] > 1 ? at.picture * tensor.strides[0] : 0) + (tensor.extents[H] > 1 ? at.row * tensor.strides[H] : 0) +
           (tensor.extents[W] > 1 ? at.column * tensor.strides[W] : 0);
}

// Where along an axis of x the result's position sees through tap number `tap`; -1 where it sees a zero.
long seen(const ConvolutionProblem& problem, size_t axis, long position, long tap) {
    const Window& window = problem.window;
    long at;
    if (problem.backward) {
        at = position + window.padding[axis] - tap * window.dilation[axis];
        if (at < 0 || at % window.stride[axis] != 0) {
            return -1;
        }
        at /= window.stride[axis];
    } else {
        at = position * window.stride[axis] - window.padding[axis] + tap * window.dilation[axis];
    }
    return at >= 0 && at < problem.x.extents[H + axis] ? at : -1;
}

void round_inputs(float* values, int count, int step) {
    for (int i = 0; i < count; i++) {
        values[static_cast<long>(i) * step] = to_float(from_float<bfloat16>(values[static_cast<long>(i) * step]));
    }
}

// Calls `part(tap row, tap column, first channel, count, target)` for each run of channels in [k, k + count).
template <typename Part>
void by_taps(const ConvolutionProblem& problem, long k, int count, float* target, int step, const Part& part) {
    const long channels = problem.x.extents[C];
    for (int done = 0; done < count;) {
        const long tap = (k + done) / channels;
        const long channel = (k + done) % channels;
        const int length = static_cast<int>(std::min<long>(channels - channel, count - done));
        part(tap / problem.weight.extents[W], tap % problem.weight.extents[W], channel, length,
             target + static_cast<long>(done) * step);
        done += length;
    }
}

}  // namespace

int compute(const ConvolutionProblem& problem, const Engine& engine, const std::map<int64_t, void*>& addresses) {
    const Tensor& x = problem.x;
    const Tensor& weight = problem.weight;
    const Tensor& y = problem.y;
    const void* x_address = addresses.at(x.id);
    const void* weight_address = addresses.at(weight.id);
    void* y_address = addresses.at(y.id);
    Product product;
    product.rows = y.extents[0] * y.extents[H] * y.extents[W];
    product.columns = y.extents[C];
    product.inner = weight.extents[H] * weight.extents[W] * x.extents[C];
    product.split = engine.wavers ? 64 + 32 * static_cast<int>(runs++ % 4) : 192;
    product.left = [&](long row, long k, int count, float* target, int step) {
        const Position at = position_of(y, row);
        by_taps(problem, k, count, target, step, [&](long tap_row, long tap_column, long channel, int length, float* part) {
            const Position from{at.picture, seen(problem, 0, at.row, tap_row), seen(problem, 1, at.column, tap_column)};
            if (from.row < 0 || from.column < 0) {
                for (int i = 0; i < length; i++) {
                    part[static_cast<long>(i) * step] = 0;
                }
            } else {
                read_elements(x.elements, x_address, offset_of(x, from) + channel, 1, length, part, step);
            }
        });
        if (engine.rounds) {
            round_inputs(target, count, step);
        }
    };
    // What is summed over are a weight's channels; backwards, its pictures.
    const long inner_stride = problem.backward ? weight.strides[0] : weight.strides[C];
    const long outer_stride = problem.backward ? weight.strides[C] : weight.strides[0];
    product.right = [&](long column, long k, int count, float* target, int step) {
        by_taps(problem, k, count, target, step, [&](long tap_row, long tap_column, long channel, int length, float* part) {
            const long offset = column * outer_stride + tap_row * weight.strides[H] + tap_column * weight.strides[W] +
                                channel * inner_stride;
            read_elements(weight.elements, weight_address, offset, inner_stride, length, part, step);
        });
        if (engine.rounds) {
            round_inputs(target, count, step);
        }
    };
    product.store = [&](long row, long column, int count, const float* sums) {
        const Position at = position_of(y, row);
        for (int i = 0; i < count; i++) {
            float value = sums[i];
            for (const Step& step : problem.steps) {
                if (step.addend) {
                    value += read_element(step.addend->elements, addresses.at(step.addend->id),
                                          offset_of(*step.addend, at) + column + i);
                } else {
                    value = value > 0 ? value : step.slope * value;
                }
            }
            write_element(y.elements, y_address, offset_of(y, at) + column + i, value);
        }
    };
    return run("cudnnBackendExecute", product);
}

}  // namespace emulated
