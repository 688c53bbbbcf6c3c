#include "../execution/report.h"
#include "architecture.h"

#include <cstdlib>
#include <cstring>

namespace emulated {
namespace {

constexpr size_t KIB = 1024;

constexpr Architecture ARCHITECTURES[] = {
    {7, 5, 64 * KIB, 64 * KIB, 1024, 16},    {8, 0, 163 * KIB, 164 * KIB, 2048, 32},  {8, 6, 99 * KIB, 100 * KIB, 1536, 16},
    {8, 9, 99 * KIB, 100 * KIB, 1536, 24},   {9, 0, 227 * KIB, 228 * KIB, 2048, 32},
    {10, 0, 227 * KIB, 228 * KIB, 2048, 32}, {12, 0, 99 * KIB, 100 * KIB, 1536, 24},
};

const Architecture& choose() {
    const char* wanted = getenv("ART2MUS_EMULATED_SM");
    const int number = wanted == nullptr ? 86 : atoi(wanted);
    for (const Architecture& known : ARCHITECTURES) {
        if (known.major * 10 + known.minor == number) {
            return known;
        }
    }
    report("ART2MUS_EMULATED_SM is %s, which is none of 75, 80, 86, 89, 90, 100, 120", wanted);
    abort();
}

}  // namespace

const Architecture& architecture() {
    static const Architecture& chosen = choose();
    return chosen;
}

}  // namespace emulated
