#include "faults_of_device.h"

#include "../execution/faults.h"
#include "device_memory.h"

namespace emulated {

void tell_faults_of_device() {
    describe_address = [](const void* address) { return device_memory().describe(reinterpret_cast<uint64_t>(address)); };
    is_device_address = [](const void* address) { return device_memory().owns(reinterpret_cast<uint64_t>(address)); };
    install_fault_handler();
}

}  // namespace emulated
