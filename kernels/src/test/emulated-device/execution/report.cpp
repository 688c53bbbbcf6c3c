#include "report.h"

#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace emulated {
namespace {

std::mutex mutex;

std::string& last() {
    static auto* text = new std::string;
    return *text;
}

}  // namespace

void report(const char* format, ...) {
    char text[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "emulated device: %s\n", text);
    const std::lock_guard<std::mutex> held(mutex);
    last() = text;
}

std::string take_report() {
    const std::lock_guard<std::mutex> held(mutex);
    std::string text;
    text.swap(last());
    return text;
}

}  // namespace emulated
