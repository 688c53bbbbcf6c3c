/* libgomp's entry for a parallel region, in no installed header: libgomp/libgomp_g.h of GCC's sources, since GOMP_4.0. */
#include "openmp/omp.h"

void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned int flags);
