#include "descriptor.h"

#include <cstring>

namespace emulated {
namespace {

template <typename T>
std::vector<T> read(const Descriptor::Value& value) {
    std::vector<T> all(static_cast<size_t>(value.count));
    memcpy(all.data(), value.bytes.data(), all.size() * sizeof(T));
    return all;
}

}  // namespace

size_t bytes_of(cudnnBackendAttributeType_t type) {
    switch (type) {
        case CUDNN_TYPE_HANDLE:
        case CUDNN_TYPE_INT64:
        case CUDNN_TYPE_DOUBLE:
        case CUDNN_TYPE_VOID_PTR:
        case CUDNN_TYPE_BACKEND_DESCRIPTOR: return 8;
        case CUDNN_TYPE_BOOLEAN: return 1;
        default: return 4;
    }
}

const Descriptor::Value& Descriptor::value(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) const {
    const auto found = values.find(name);
    if (found == values.end()) {
        throw Failure{CUDNN_STATUS_BAD_PARAM, "attribute " + std::to_string(name) + " is not set"};
    }
    if (found->second.type != type) {
        throw Failure{CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE, "attribute " + std::to_string(name) + " is set with another type"};
    }
    return found->second;
}

std::vector<int64_t> Descriptor::longs(cudnnBackendAttributeName_t name) const {
    return read<int64_t>(value(name, CUDNN_TYPE_INT64));
}

std::vector<void*> Descriptor::pointers(cudnnBackendAttributeName_t name) const {
    return read<void*>(value(name, CUDNN_TYPE_VOID_PTR));
}

int Descriptor::enumeration(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) const {
    return read<int>(value(name, type)).at(0);
}

float Descriptor::number(cudnnBackendAttributeName_t name) const {
    return read<float>(value(name, CUDNN_TYPE_FLOAT)).at(0);
}

const Descriptor& Descriptor::descriptor(cudnnBackendAttributeName_t name, cudnnBackendDescriptorType_t wanted) const {
    const auto& given = value(name, CUDNN_TYPE_BACKEND_DESCRIPTOR).descriptors.at(0);
    if (given->type != wanted) {
        throw Failure{CUDNN_STATUS_BAD_PARAM, "attribute " + std::to_string(name) + " is a descriptor of another kind"};
    }
    return *given;
}

}  // namespace emulated
