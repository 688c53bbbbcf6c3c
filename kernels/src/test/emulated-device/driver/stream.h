// Work in order. Nothing of it runs until something waits for it.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "abi.h"

namespace emulated {

// Something the device is given to do.
struct Operation {
    CUgraphNodeType type;
    std::string name;
    // Called by the device's own thread; returns a CUresult.
    std::function<int()> run;
};

struct Capture;

struct Event {
    bool timing = true;
    // How often it was recorded, and how many of those moments have passed.
    unsigned long recorded = 0;
    unsigned long passed = 0;
    Stream* stream = nullptr;
    std::chrono::steady_clock::time_point time;
    // Set where it was recorded last in a capture: what it stands for there.
    std::shared_ptr<Capture> capture;
    std::vector<size_t> captured_after;
};

// One entry of a stream: work, the recording of an event, or the wait for one.
struct Entry {
    std::shared_ptr<const Operation> operation;
    std::shared_ptr<Event> recorded;
    std::shared_ptr<Event> awaited;
    unsigned long moment = 0;
};

struct Stream {
    bool blocking = true;
    std::deque<Entry> entries;
    // While it is captured: into what, and the nodes after which its next one comes.
    std::shared_ptr<Capture> capture;
    std::vector<size_t> captured_after;
};

// The stream of a handle, or null where there is none such.
Stream* stream_of(CUstream handle);

// Appends to the stream, or to the graph that it is captured into. Returns a CUresult.
int append(Stream& stream, CUgraphNodeType type, std::string name, std::function<int()> run);

// Does a stream's work, all of it or up to a moment of an event. Returns a CUresult, which is the sticky error where it is
// one of a kernel.
int drain(const std::vector<Stream*>& streams);
int drain_until(Event& event, unsigned long moment);

// The streams that a call on the legacy default stream waits for.
std::vector<Stream*> synchronous_streams();

std::vector<Stream*> all_streams();

// Has the device do `what` now, before any work that waits in a stream, or after what synchronous calls wait for.
int run_at_once(const std::function<int()>& what);
int run_synchronously(const std::function<int()>& what);

}  // namespace emulated
