// What a kernel does that a GPU would refuse becomes a CUresult of its launch.
#pragma once

#include <string>

namespace emulated {

// Takes SIGSEGV and SIGBUS for those that kernels cause; all others go on to whoever handled them before.
void install_fault_handler();

// Names the device memory at or near an address, for a message; given by the driver.
extern std::string (*describe_address)(const void* address);

// Whether an address belongs to the device; given by the driver.
extern bool (*is_device_address)(const void* address);

}  // namespace emulated
