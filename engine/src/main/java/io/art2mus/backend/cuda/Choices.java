package io.art2mus.backend.cuda;

import io.art2mus.ffi.cuda.CudaStream;

/** Decides between several algorithms that compute the same. */
@FunctionalInterface
interface Choices {
    /** Takes the first always: the one that the library expects to be the fastest. */
    Choices USUAL = (question, candidates) -> 0;

    /**
     * Number of the algorithm to take.
     *
     * @param question everything that their times depend on, beside device and library versions
     */
    int fastest(String question, Candidates candidates);

    /** Algorithms for one piece of work, on memory that may be overwritten. */
    interface Candidates {
        /** At least 1. */
        int count();

        /** Bytes that one works in. */
        long workspaceBytes(int candidate);

        /** Appends the work to the stream. */
        void enqueue(CudaStream stream, int candidate, long workspace);
    }
}
