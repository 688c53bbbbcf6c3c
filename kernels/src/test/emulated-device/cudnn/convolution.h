// A graph of a convolution and what follows it element by element, and the engines that compute it.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "../include/emulated/elements.h"
#include "descriptor.h"

namespace emulated {

struct Tensor {
    int64_t id;
    Elements elements;
    // N, C, H, W; of a weight K, C, R, S. In elements.
    std::array<long, 4> extents;
    std::array<long, 4> strides;
    int64_t alignment;
    bool is_virtual;

    size_t bytes() const;
};

struct Window {
    std::array<long, 2> padding;
    std::array<long, 2> stride;
    std::array<long, 2> dilation;
};

// Added to the sum, with extents of 1 repeated; or, without a tensor, a leaky ReLU.
struct Step {
    std::optional<Tensor> addend;
    float slope;
};

struct ConvolutionProblem {
    // The gradient of a convolution to its input: x is the convolution's result then, and y its input.
    bool backward;
    Tensor x;
    Tensor weight;
    Tensor y;
    Window window;
    std::vector<Step> steps;

    // All that have memory.
    std::vector<Tensor> tensors() const;
};

struct Engine {
    std::vector<int> notes;
    size_t workspace;
    // Rounds its inputs, as tensor cores round float32.
    bool rounds;
    // Its sums come out a little different from run to run.
    bool wavers;
};

// The problem that an operation graph's operations are; a Failure where they are none that is emulated.
std::shared_ptr<const ConvolutionProblem> assemble(const std::vector<std::shared_ptr<Descriptor>>& operations);

// What heuristics propose. The first is not always one that a careful caller takes.
std::vector<const Engine*> propose(const ConvolutionProblem& problem, int mode);

// Does it, by the device's own thread; addresses by the tensors' numbers. Returns a CUresult.
int compute(const ConvolutionProblem& problem, const Engine& engine, const std::map<int64_t, void*>& addresses);

}  // namespace emulated
