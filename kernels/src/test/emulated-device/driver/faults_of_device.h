// Installs the fault handler of the execution, which learns which addresses are the device's. Once a process.
#pragma once

namespace emulated {

void tell_faults_of_device();

}  // namespace emulated
