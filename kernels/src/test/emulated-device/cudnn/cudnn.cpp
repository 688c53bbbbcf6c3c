// The calls of the backend interface. An execution is checked at once and done when its stream is.
#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "../driver/library.h"
#include "convolution.h"

using namespace emulated;

struct Handle {
    CUstream stream = nullptr;
};

using DescriptorHandle = std::shared_ptr<Descriptor>;

namespace {

thread_local std::string last_error;

template <typename Work>
cudnnStatus_t guarded(const Work& work) {
    try {
        work();
        return CUDNN_STATUS_SUCCESS;
    } catch (const Failure& failure) {
        last_error = failure.why;
        return failure.status;
    } catch (const std::out_of_range&) {
        last_error = "an attribute has no value";
        return CUDNN_STATUS_BAD_PARAM;
    }
}

void require(bool holds, cudnnStatus_t status, const std::string& why) {
    if (!holds) {
        throw Failure{status, why};
    }
}

void finalise(Descriptor& descriptor) {
    switch (descriptor.type) {
        case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
            descriptor.value(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE);
            descriptor.problem = assemble(descriptor.value(CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR).descriptors);
            break;
        case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
            descriptor.problem =
                descriptor.descriptor(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR).problem;
            descriptor.proposals =
                propose(*descriptor.problem, descriptor.enumeration(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE));
            break;
        case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR: {
            descriptor.value(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE);
            const Descriptor& chosen =
                descriptor.descriptor(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
            descriptor.problem = chosen.problem;
            descriptor.engine = chosen.engine;
            break;
        }
        case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
            require(descriptor.longs(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS).size() ==
                        descriptor.pointers(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS).size(),
                    CUDNN_STATUS_BAD_PARAM, "a variant pack has as many numbers as addresses");
            break;
        case CUDNN_BACKEND_ENGINE_DESCRIPTOR:
        case CUDNN_BACKEND_ENGINECFG_DESCRIPTOR:
            throw Failure{CUDNN_STATUS_NOT_SUPPORTED, "engines come from heuristics"};
        default: break;
    }
    descriptor.finalised = true;
}

// Lets a descriptor of the caller's be an engine, or its configuration.
void fill(void* target, cudnnBackendDescriptorType_t type, const Descriptor& source, const Engine* engine) {
    Descriptor& filled = **static_cast<DescriptorHandle*>(target);
    require(filled.type == type && !filled.finalised, CUDNN_STATUS_BAD_PARAM, "a descriptor to be filled is of another kind, or finalised");
    filled.problem = source.problem;
    filled.engine = engine;
    filled.finalised = true;
}

void get(const Descriptor& descriptor, cudnnBackendAttributeName_t name, int64_t most, int64_t* count, void* target) {
    const auto room = static_cast<size_t>(target == nullptr ? 0 : most);
    size_t available;
    switch (name) {
        case CUDNN_ATTR_ENGINEHEUR_RESULTS:
            available = descriptor.proposals.size();
            for (size_t i = 0; i < std::min(available, room); i++) {
                fill(static_cast<void**>(target)[i], CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, descriptor, descriptor.proposals[i]);
            }
            break;
        case CUDNN_ATTR_ENGINECFG_ENGINE:
            available = 1;
            if (room > 0) {
                fill(*static_cast<void**>(target), CUDNN_BACKEND_ENGINE_DESCRIPTOR, descriptor, descriptor.engine);
            }
            break;
        case CUDNN_ATTR_ENGINE_NUMERICAL_NOTE:
            available = descriptor.engine->notes.size();
            std::copy_n(descriptor.engine->notes.begin(), std::min(available, room), static_cast<int*>(target));
            break;
        case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE:
            available = 1;
            if (room > 0) {
                *static_cast<int64_t*>(target) = static_cast<int64_t>(descriptor.engine->workspace);
            }
            break;
        default: throw Failure{CUDNN_STATUS_NOT_SUPPORTED, "attribute " + std::to_string(name) + " cannot be read here"};
    }
    if (count != nullptr) {
        *count = static_cast<int64_t>(room == 0 ? available : std::min(available, room));
    }
}

std::map<int64_t, void*> addresses_of(const ConvolutionProblem& problem, const Descriptor& pack) {
    const auto ids = pack.longs(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
    const auto pointers = pack.pointers(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
    std::map<int64_t, void*> addresses;
    for (size_t i = 0; i < ids.size(); i++) {
        addresses[ids[i]] = pointers[i];
    }
    for (const Tensor& tensor : problem.tensors()) {
        const std::string name = "tensor " + std::to_string(tensor.id);
        require(addresses.count(tensor.id) > 0, CUDNN_STATUS_BAD_PARAM, name + " is not in the variant pack");
        const auto address = reinterpret_cast<uintptr_t>(addresses[tensor.id]);
        require(address != 0, CUDNN_STATUS_BAD_PARAM_NULL_POINTER, name + " has no address");
        require(address % static_cast<uintptr_t>(tensor.alignment) == 0, CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER,
                name + " is not aligned as its descriptor says");
    }
    return addresses;
}

void execute(const Handle& handle, const Descriptor& plan, const Descriptor& pack) {
    require(plan.finalised && pack.finalised, CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "a plan or a variant pack is not finalised");
    const auto problem = plan.problem;
    const Engine& engine = *plan.engine;
    const auto addresses = addresses_of(*problem, pack);
    void* workspace = pack.has(CUDNN_ATTR_VARIANT_PACK_WORKSPACE) ? pack.pointers(CUDNN_ATTR_VARIANT_PACK_WORKSPACE).at(0) : nullptr;
    require(engine.workspace == 0 || workspace != nullptr, CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "the plan needs a workspace");
    const int error = enqueue(handle.stream, "cudnnBackendExecute", [problem, addresses, workspace, &engine]() -> int {
        for (const Tensor& tensor : problem->tensors()) {
            const std::string name = "tensor " + std::to_string(tensor.id);
            if (!require_memory("cudnnBackendExecute", name.c_str(), addresses.at(tensor.id), tensor.bytes())) {
                return CUDA_ERROR_ILLEGAL_ADDRESS;
            }
        }
        if (engine.workspace > 0) {
            if (!require_memory("cudnnBackendExecute", "the workspace", workspace, engine.workspace)) {
                return CUDA_ERROR_ILLEGAL_ADDRESS;
            }
            scribble(workspace, engine.workspace);
        }
        return compute(*problem, engine, addresses);
    });
    require(error == CUDA_SUCCESS, CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER, "CUDA error " + std::to_string(error));
}

}  // namespace

EMULATED_API size_t cudnnGetVersion() {
    return 91900;
}

EMULATED_API size_t cudnnGetCudartVersion() {
    return 13000;
}

EMULATED_API cudnnStatus_t cudnnGraphVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnOpsVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnCnnVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}

#define NAME(status) case status: return #status

EMULATED_API const char* cudnnGetErrorString(cudnnStatus_t status) {
    switch (status) {
        NAME(CUDNN_STATUS_SUCCESS);
        NAME(CUDNN_STATUS_BAD_PARAM);
        NAME(CUDNN_STATUS_BAD_PARAM_NULL_POINTER);
        NAME(CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER);
        NAME(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED);
        NAME(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH);
        NAME(CUDNN_STATUS_BAD_PARAM_DUPLICATED_ENTRIES);
        NAME(CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE);
        NAME(CUDNN_STATUS_NOT_SUPPORTED);
        NAME(CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN);
        NAME(CUDNN_STATUS_NOT_SUPPORTED_SHAPE);
        NAME(CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE);
        NAME(CUDNN_STATUS_NOT_SUPPORTED_LAYOUT);
        NAME(CUDNN_STATUS_NOT_SUPPORTED_PADDING);
        NAME(CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER);
    }
    return "CUDNN_STATUS unknown";
}

EMULATED_API void cudnnGetLastErrorString(char* message, size_t room) {
    strncpy(message, last_error.c_str(), room - 1);
    message[room - 1] = 0;
}

EMULATED_API cudnnStatus_t cudnnCreate(Handle** handle) {
    *handle = new Handle;
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnDestroy(Handle* handle) {
    delete handle;
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnSetStream(Handle* handle, CUstream stream) {
    handle->stream = stream;
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t type, DescriptorHandle** handle) {
    *handle = new DescriptorHandle(std::make_shared<Descriptor>());
    (**handle)->type = type;
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnBackendDestroyDescriptor(DescriptorHandle* handle) {
    delete handle;
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnBackendInitialize(DescriptorHandle*) {
    return CUDNN_STATUS_SUCCESS;
}

EMULATED_API cudnnStatus_t cudnnBackendFinalize(DescriptorHandle* handle) {
    return guarded([handle] { finalise(**handle); });
}

EMULATED_API cudnnStatus_t cudnnBackendSetAttribute(DescriptorHandle* handle, cudnnBackendAttributeName_t name,
                                                    cudnnBackendAttributeType_t type, int64_t count, const void* elements) {
    return guarded([=] {
        Descriptor& descriptor = **handle;
        require(!descriptor.finalised, CUDNN_STATUS_BAD_PARAM, "a finalised descriptor never changes");
        require(elements != nullptr && count > 0, CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "an attribute is set to nothing");
        Descriptor::Value value{type, count, {}, {}};
        if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
            for (int64_t i = 0; i < count; i++) {
                const DescriptorHandle& given = *static_cast<DescriptorHandle* const*>(elements)[i];
                require(given->finalised, CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "a descriptor is used before it is finalised");
                value.descriptors.push_back(given);
            }
        } else {
            const auto* bytes = static_cast<const unsigned char*>(elements);
            value.bytes.assign(bytes, bytes + static_cast<size_t>(count) * emulated::bytes_of(type));
        }
        descriptor.values[name] = std::move(value);
    });
}

EMULATED_API cudnnStatus_t cudnnBackendGetAttribute(DescriptorHandle* handle, cudnnBackendAttributeName_t name,
                                                    cudnnBackendAttributeType_t, int64_t most, int64_t* count, void* target) {
    return guarded([=] {
        require((*handle)->finalised, CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "a descriptor is read before it is finalised");
        get(**handle, name, most, count, target);
    });
}

EMULATED_API cudnnStatus_t cudnnBackendExecute(Handle* handle, DescriptorHandle* plan, DescriptorHandle* pack) {
    return guarded([=] { execute(*handle, **plan, **pack); });
}

EMULATED_API cudnnStatus_t cudnnBackendPopulateCudaGraph(Handle*, DescriptorHandle*, DescriptorHandle*, void*) {
    return CUDNN_STATUS_NOT_SUPPORTED;
}

EMULATED_API cudnnStatus_t cudnnBackendUpdateCudaGraph(Handle*, DescriptorHandle*, DescriptorHandle*, void*) {
    return CUDNN_STATUS_NOT_SUPPORTED;
}
