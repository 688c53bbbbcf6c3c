// The recording of streams into a graph.
#pragma once

#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "stream.h"

namespace emulated {

// A node keeps what it does; graphs that were made of its own graph keep it too.
struct GraphNode {
    std::shared_ptr<const Operation> operation;
    // Nodes, by their place, that come before it.
    std::vector<size_t> after;
};

struct Graph {
    std::vector<GraphNode> nodes;
};

// A graph as it was when it was instantiated.
struct GraphExec {
    std::vector<GraphNode> nodes;
    // Of launches, so that each has its own order.
    unsigned launches = 0;
};

struct Capture {
    Stream* origin = nullptr;
    CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_GLOBAL;
    std::thread::id thread;
    bool invalidated = false;
    std::unique_ptr<Graph> graph;
    // All streams that take part.
    std::set<Stream*> streams;
};

// The captures that are under way.
std::set<Capture*>& captures();

// Appends to the graph that the stream is captured into. Returns a CUresult.
int add_node(Stream& stream, std::shared_ptr<const Operation> operation);

// Makes the stream wait for an event of a capture, whereby it takes part in it. Returns a CUresult.
int join(Stream& stream, const Event& event);

// Spoils the capture that the stream takes part in, and returns `error`.
int invalidate(Stream& stream, int error);

}  // namespace emulated
