// Says what was done wrong: on stderr, and in the text of the error that the caller gets.
#pragma once

#include <string>

#include "../include/emulated/thread.h"

namespace emulated {

EMULATED_EXPORT void report(const char* format, ...) __attribute__((format(printf, 1, 2)));

// What was reported since it was asked for last; empty where nothing was.
EMULATED_EXPORT std::string take_report();

}  // namespace emulated
