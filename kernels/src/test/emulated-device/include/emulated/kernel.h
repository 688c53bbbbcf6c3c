// How the driver calls a compiled kernel: its arguments unpacked by type, and what of them it can check before.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "thread.h"

namespace emulated {

struct Parameter {
    size_t bytes;
    bool pointer;
    size_t pointee_alignment;
};

constexpr size_t PARAMETER_SLOT = 16;

struct Kernel {
    const char* name;
    void (*run)(const unsigned char* slots);
    const Parameter* parameters;
    int parameter_count;
    int max_threads;
};

template <typename T>
constexpr Parameter describe() {
    if constexpr (std::is_pointer_v<T>) {
        using Pointee = std::remove_pointer_t<T>;
        return {sizeof(T), true, alignof(std::conditional_t<std::is_void_v<Pointee>, char, Pointee>)};
    } else {
        return {sizeof(T), false, 1};
    }
}

template <auto F>
struct Unpacked;

template <typename... P, void (*F)(P...)>
struct Unpacked<F> {
    static constexpr Parameter parameters[] = {describe<P>()..., Parameter{}};

    static void run(const unsigned char* slots) {
        run(slots, std::index_sequence_for<P...>());
    }

    static constexpr Kernel kernel(const char* name, int max_threads) {
        return {name, run, parameters, sizeof...(P), max_threads};
    }

private:
    template <size_t... I>
    static void run(const unsigned char* slots, std::index_sequence<I...>) {
        F(*reinterpret_cast<const std::decay_t<P>*>(slots + I * PARAMETER_SLOT)...);
    }
};

}  // namespace emulated
