// Shuffles and votes. A lane that takes part must be in its own mask, and a shuffle may only read from a lane that takes
// part: on a GPU the value would be undefined.
#pragma once

#include "synchronisation.h"

namespace emulated {

template <typename T>
struct Shuffle {
    T value;
    int source;
    T result;
};

template <typename T>
T shuffle(unsigned mask, T value, int source, const char* what, const char* file, int line) {
    Shuffle<T> mine{value, source, T{}};
    meet(
        mask,
        [](void* const operands[32], unsigned present) {
            for (int lane = 0; lane < 32; lane++) {
                if (!(present >> lane & 1u)) {
                    continue;
                }
                auto* wanted = static_cast<Shuffle<T>*>(operands[lane]);
                if (!(present >> wanted->source & 1u)) {
                    fault(LAUNCH_FAILED, "lane %d shuffles from lane %d, which the mask %08x leaves out", lane,
                          wanted->source, present);
                }
                wanted->result = static_cast<Shuffle<T>*>(operands[wanted->source])->value;
            }
        },
        &mine, what, file, line);
    return mine.result;
}

inline int segment_of(int lane, int width) {
    return lane & ~(width - 1);
}

struct Vote {
    bool predicate;
    unsigned ballot;
};

inline unsigned ballot(unsigned mask, bool predicate, const char* what, const char* file, int line) {
    Vote mine{predicate, 0};
    meet(
        mask,
        [](void* const operands[32], unsigned present) {
            unsigned ballot = 0;
            for (int lane = 0; lane < 32; lane++) {
                if (present >> lane & 1u && static_cast<Vote*>(operands[lane])->predicate) {
                    ballot |= 1u << lane;
                }
            }
            for (int lane = 0; lane < 32; lane++) {
                if (present >> lane & 1u) {
                    static_cast<Vote*>(operands[lane])->ballot = ballot;
                }
            }
        },
        &mine, what, file, line);
    return mine.ballot;
}

}  // namespace emulated

template <typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, EMULATED_SITE) {
    const int lane = ::emulated::current->lane;
    const int from = ::emulated::segment_of(lane, width) + (source & (width - 1));
    return ::emulated::shuffle(mask, value, from, "__shfl_sync", file, line);
}

template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, EMULATED_SITE) {
    const int lane = ::emulated::current->lane;
    const int from = lane ^ lanes;
    // Beyond the end of its segment a lane reads itself.
    const bool inside = ::emulated::segment_of(from, width) <= ::emulated::segment_of(lane, width);
    return ::emulated::shuffle(mask, value, inside ? from : lane, "__shfl_xor_sync", file, line);
}

template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned lanes, int width = 32, EMULATED_SITE) {
    const int lane = ::emulated::current->lane;
    const int from = lane + static_cast<int>(lanes);
    const bool inside = from < ::emulated::segment_of(lane, width) + width;
    return ::emulated::shuffle(mask, value, inside ? from : lane, "__shfl_down_sync", file, line);
}

template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned lanes, int width = 32, EMULATED_SITE) {
    const int lane = ::emulated::current->lane;
    const int from = lane - static_cast<int>(lanes);
    const bool inside = from >= ::emulated::segment_of(lane, width);
    return ::emulated::shuffle(mask, value, inside ? from : lane, "__shfl_up_sync", file, line);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, EMULATED_SITE) {
    return ::emulated::ballot(mask, predicate != 0, "__ballot_sync", file, line);
}

inline int __any_sync(unsigned mask, int predicate, EMULATED_SITE) {
    return ::emulated::ballot(mask, predicate != 0, "__any_sync", file, line) != 0;
}

inline int __all_sync(unsigned mask, int predicate, EMULATED_SITE) {
    return ::emulated::ballot(mask, predicate == 0, "__all_sync", file, line) == 0;
}
