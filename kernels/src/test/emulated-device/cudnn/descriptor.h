// A descriptor of the backend interface: attributes that are set, then finalised; and a description that went wrong.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi.h"

namespace emulated {

// Thrown where a call of cuDNN fails; the calls themselves turn it into its status.
struct Failure {
    cudnnStatus_t status;
    std::string why;
};

struct ConvolutionProblem;
struct Engine;

struct Descriptor {
    cudnnBackendDescriptorType_t type;
    bool finalised = false;

    struct Value {
        cudnnBackendAttributeType_t type;
        int64_t count;
        std::vector<unsigned char> bytes;
        // Descriptors are kept alive by whom they were given to.
        std::vector<std::shared_ptr<Descriptor>> descriptors;
    };
    std::map<cudnnBackendAttributeName_t, Value> values;

    // Of an operation graph and all that is made of it.
    std::shared_ptr<const ConvolutionProblem> problem;
    // Of an engine, its configuration and its plan.
    const Engine* engine = nullptr;
    // Of heuristics.
    std::vector<const Engine*> proposals;

    bool has(cudnnBackendAttributeName_t name) const { return values.count(name) > 0; }
    const Value& value(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) const;
    std::vector<int64_t> longs(cudnnBackendAttributeName_t name) const;
    std::vector<void*> pointers(cudnnBackendAttributeName_t name) const;
    int enumeration(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) const;
    float number(cudnnBackendAttributeName_t name) const;
    const Descriptor& descriptor(cudnnBackendAttributeName_t name, cudnnBackendDescriptorType_t type) const;
};

size_t bytes_of(cudnnBackendAttributeType_t type);

}  // namespace emulated
