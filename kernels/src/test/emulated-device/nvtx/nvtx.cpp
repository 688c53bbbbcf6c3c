// Ranges as a profiler would see them: a line on standard error when one begins, indented by those around it.
#include <cstdio>

#define EMULATED_NVTX extern "C" __attribute__((visibility("default")))

static thread_local int depth = 0;

EMULATED_NVTX int nvtxRangePushA(const char* name) {
    fprintf(stderr, "range:%*s %s\n", 2 * depth, "", name);
    return depth++;
}

EMULATED_NVTX int nvtxRangePop() {
    // As NVTX answers where there is nothing to end.
    return depth == 0 ? -2 : --depth;
}
