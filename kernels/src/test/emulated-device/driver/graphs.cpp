// Captured graphs. Nodes that do not depend on each other run in an order that changes from launch to launch.
#include <random>

#include "capture.h"
#include "state.h"

using namespace emulated;

namespace {

int run_nodes(const std::vector<GraphNode>& nodes, unsigned seed) {
    std::minstd_rand random(seed + 1);
    std::vector<size_t> missing(nodes.size());
    std::vector<std::vector<size_t>> before(nodes.size());
    std::vector<size_t> ready;
    for (size_t i = 0; i < nodes.size(); i++) {
        missing[i] = nodes[i].after.size();
        for (const size_t earlier : nodes[i].after) {
            before[earlier].push_back(i);
        }
        if (missing[i] == 0) {
            ready.push_back(i);
        }
    }
    while (!ready.empty()) {
        std::swap(ready[random() % ready.size()], ready.back());
        const size_t node = ready.back();
        ready.pop_back();
        if (const int error = nodes[node].operation->run()) {
            return error;
        }
        for (const size_t later : before[node]) {
            if (--missing[later] == 0) {
                ready.push_back(later);
            }
        }
    }
    return CUDA_SUCCESS;
}

}  // namespace

EMULATED_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* handle, CUgraph graph, unsigned long long flags) {
    EMULATED_CALL
    if (!context().graphs.count(graph)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (flags != 0) {
        return CUDA_ERROR_NOT_SUPPORTED;
    }
    *handle = new GraphExec{graph->nodes};
    context().graph_execs.insert(*handle);
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuGraphUpload(CUgraphExec handle, CUstream stream) {
    EMULATED_CALL
    return context().graph_execs.count(handle) && stream_of(stream) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

EMULATED_API CUresult cuGraphLaunch(CUgraphExec handle, CUstream stream_handle) {
    EMULATED_CALL
    Stream* stream = stream_of(stream_handle);
    if (!context().graph_execs.count(handle) || stream == nullptr) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (stream->capture) {
        // A GPU would make it a node of its own; nothing of ours does.
        return static_cast<CUresult>(invalidate(*stream, CUDA_ERROR_NOT_SUPPORTED));
    }
    // The handle may be destroyed before the work is done.
    auto nodes = std::make_shared<const std::vector<GraphNode>>(handle->nodes);
    const unsigned launch = handle->launches++;
    return static_cast<CUresult>(append(*stream, CU_GRAPH_NODE_TYPE_KERNEL, "graph",
                                        [nodes, launch] { return run_nodes(*nodes, launch); }));
}

EMULATED_API CUresult cuGraphExecDestroy(CUgraphExec handle) {
    EMULATED_CALL
    if (context().graph_execs.erase(handle) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    delete handle;
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuGraphDestroy(CUgraph graph) {
    EMULATED_CALL
    if (context().graphs.erase(graph) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    delete graph;
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode* nodes, size_t* count) {
    EMULATED_CALL
    if (!context().graphs.count(graph)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (nodes != nullptr) {
        for (size_t i = 0; i < *count; i++) {
            nodes[i] = i < graph->nodes.size() ? &graph->nodes[i] : nullptr;
        }
    }
    *count = nodes == nullptr ? graph->nodes.size() : std::min(*count, graph->nodes.size());
    return CUDA_SUCCESS;
}

EMULATED_API CUresult cuGraphNodeGetType(CUgraphNode node, CUgraphNodeType* type) {
    EMULATED_CALL
    *type = node->operation->type;
    return CUDA_SUCCESS;
}
