#include <algorithm>

#include "convolution.h"

namespace emulated {
namespace {

constexpr int H = 2;
constexpr int C = 1;

Elements elements_of(int type) {
    switch (type) {
        case CUDNN_DATA_FLOAT: return Elements::F32;
        case CUDNN_DATA_HALF: return Elements::F16;
        case CUDNN_DATA_BFLOAT16: return Elements::BF16;
        default: throw Failure{CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "tensors are float32, float16 or bfloat16"};
    }
}

template <size_t COUNT>
std::array<long, COUNT> exactly(const Descriptor& descriptor, cudnnBackendAttributeName_t name) {
    const auto values = descriptor.longs(name);
    if (values.size() != COUNT) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_SHAPE, "attribute " + std::to_string(name) + " has another number of axes"};
    }
    std::array<long, COUNT> all{};
    std::copy(values.begin(), values.end(), all.begin());
    return all;
}

Tensor tensor_of(const Descriptor& operation, cudnnBackendAttributeName_t name) {
    const Descriptor& given = operation.descriptor(name, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    bool is_virtual = false;
    if (given.has(CUDNN_ATTR_TENSOR_IS_VIRTUAL)) {
        is_virtual = given.value(CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN).bytes.at(0) != 0;
    }
    Tensor tensor{given.longs(CUDNN_ATTR_TENSOR_UNIQUE_ID).at(0),
                  elements_of(given.enumeration(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE)),
                  exactly<4>(given, CUDNN_ATTR_TENSOR_DIMENSIONS),
                  exactly<4>(given, CUDNN_ATTR_TENSOR_STRIDES),
                  given.longs(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT).at(0),
                  is_virtual};
    if (tensor.strides[C] != 1) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_LAYOUT, "channels do not lie together"};
    }
    // Rows, positions and pictures must not run into each other.
    if (tensor.strides[3] < tensor.extents[C] || tensor.strides[H] < tensor.extents[3] * tensor.strides[3] ||
        (tensor.extents[0] > 1 && tensor.strides[0] < tensor.extents[H] * tensor.strides[H])) {
        throw Failure{CUDNN_STATUS_BAD_PARAM, "strides of a tensor make its elements overlap"};
    }
    return tensor;
}

void require_plain(const Descriptor& operation, cudnnBackendAttributeName_t alpha, cudnnBackendAttributeName_t beta) {
    if (operation.number(alpha) != 1 || operation.number(beta) != 0) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED, "alpha is 1 and beta is 0 here"};
    }
}

// Of a convolution over `wide` that gives `narrow`: that window and extents fit each other.
void require_extents(const Tensor& wide, const Tensor& narrow, const Tensor& weight, const Window& window) {
    for (size_t axis = 0; axis < 2; axis++) {
        const long taken = (weight.extents[H + axis] - 1) * window.dilation[axis] + 1;
        const long extent = (wide.extents[H + axis] + 2 * window.padding[axis] - taken) / window.stride[axis] + 1;
        if (extent != narrow.extents[H + axis]) {
            throw Failure{CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "the result's extent along an axis is " +
                                                                     std::to_string(narrow.extents[H + axis]) +
                                                                     ", the window gives " + std::to_string(extent)};
        }
    }
    if (weight.extents[C] != wide.extents[C] || weight.extents[0] != narrow.extents[C] || wide.extents[0] != narrow.extents[0]) {
        throw Failure{CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "channels or pictures of the tensors do not fit each other"};
    }
}

ConvolutionProblem convolution_of(const Descriptor& operation) {
    const bool backward = operation.type == CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR;
    const Descriptor& given =
        operation.descriptor(backward ? CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC
                                      : CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                             CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
    const auto before = exactly<2>(given, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS);
    if (given.longs(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS).at(0) != 2 ||
        given.enumeration(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE) != CUDNN_CROSS_CORRELATION ||
        given.enumeration(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE) != CUDNN_DATA_FLOAT) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED, "convolutions are two-dimensional cross-correlations summed in float32"};
    }
    // As the real one does for most engines; our own kernel has to take over.
    if (before != exactly<2>(given, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS)) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_PADDING, "padding is the same on both sides"};
    }
    const Window window{before, exactly<2>(given, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES),
                        exactly<2>(given, CUDNN_ATTR_CONVOLUTION_DILATIONS)};
    ConvolutionProblem problem{backward, {}, {}, {}, window, {}};
    if (backward) {
        require_plain(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA);
        problem.x = tensor_of(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY);
        problem.weight = tensor_of(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W);
        problem.y = tensor_of(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX);
        require_extents(problem.y, problem.x, problem.weight, window);
    } else {
        require_plain(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA);
        problem.x = tensor_of(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X);
        problem.weight = tensor_of(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W);
        problem.y = tensor_of(operation, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y);
        require_extents(problem.x, problem.y, problem.weight, window);
    }
    if (problem.x.elements != problem.weight.elements) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "x and the weight are of one type"};
    }
    return problem;
}

bool repeats_over(const Tensor& addend, const Tensor& result) {
    for (size_t axis = 0; axis < 4; axis++) {
        if (addend.extents[axis] != 1 && addend.extents[axis] != result.extents[axis]) {
            return false;
        }
    }
    return addend.extents[C] == result.extents[C];
}

void append(ConvolutionProblem& problem, const Descriptor& operation) {
    if (operation.type != CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR || !problem.y.is_virtual ||
        tensor_of(operation, CUDNN_ATTR_OPERATION_POINTWISE_XDESC).id != problem.y.id) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN, "a convolution is followed by a chain of pointwise operations"};
    }
    const Descriptor& what =
        operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    const Tensor y = tensor_of(operation, CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
    if (y.extents != problem.y.extents) {
        throw Failure{CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "a pointwise operation changes the shape"};
    }
    if (problem.y.elements != Elements::F32) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "what lies between two operations is float32"};
    }
    switch (what.enumeration(CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE)) {
        case CUDNN_POINTWISE_ADD: {
            const Tensor addend = tensor_of(operation, CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
            if (addend.is_virtual || !repeats_over(addend, y)) {
                throw Failure{CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "what is added does not have the result's channels"};
            }
            problem.steps.push_back({addend, 0});
            break;
        }
        case CUDNN_POINTWISE_RELU_FWD: {
            const bool leaks = what.has(CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP_SLOPE);
            problem.steps.push_back({std::nullopt, leaks ? what.number(CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP_SLOPE) : 0});
            break;
        }
        default: throw Failure{CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN, "pointwise operations are ADD and RELU_FWD"};
    }
    problem.y = y;
}

}  // namespace

size_t Tensor::bytes() const {
    size_t last = 0;
    for (size_t axis = 0; axis < 4; axis++) {
        last += static_cast<size_t>((extents[axis] - 1) * strides[axis]);
    }
    return (last + 1) * emulated::bytes_of(elements);
}

std::vector<Tensor> ConvolutionProblem::tensors() const {
    std::vector<Tensor> all{x, weight, y};
    for (const Step& step : steps) {
        if (step.addend) {
            all.push_back(*step.addend);
        }
    }
    return all;
}

std::shared_ptr<const ConvolutionProblem> assemble(const std::vector<std::shared_ptr<Descriptor>>& operations) {
    const Descriptor& first = *operations.at(0);
    if (first.type != CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR &&
        first.type != CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN, "a graph begins with a convolution"};
    }
    auto problem = std::make_shared<ConvolutionProblem>(convolution_of(first));
    for (size_t i = 1; i < operations.size(); i++) {
        append(*problem, *operations[i]);
    }
    const auto all = problem->tensors();
    for (const Tensor& tensor : all) {
        if (tensor.is_virtual) {
            throw Failure{CUDNN_STATUS_BAD_PARAM, "a tensor at the graph's border is virtual"};
        }
        const auto same = [&tensor](const Tensor& other) { return other.id == tensor.id; };
        if (std::count_if(all.begin(), all.end(), same) > 1) {
            throw Failure{CUDNN_STATUS_BAD_PARAM_DUPLICATED_ENTRIES, "two tensors have one number"};
        }
    }
    if (problem->y.elements != problem->x.elements) {
        throw Failure{CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "x and y are of one type"};
    }
    return problem;
}

}  // namespace emulated
