// Tells the execution's fault handler which addresses are the device's.
#pragma once

namespace emulated {

void tell_faults_of_device();

}  // namespace emulated
