package io.art2mus.kernels;

/** What launchers ask of extents and addresses, and how they cut work into blocks. */
final class Extents {
    /** Blocks a multiprocessor is given of a kernel that strides over its grid: enough to hide memory's latency. */
    private static final int BLOCKS_A_MULTIPROCESSOR = 8;

    private Extents() {}

    /**
     * The extent as kernels take it.
     *
     * @throws IllegalArgumentException where it is not positive or not a 32-bit number
     */
    static int requirePositive(long extent, String what) {
        if (extent < 1 || extent > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " must be in 1 ... " + Integer.MAX_VALUE + ", not " + extent);
        }
        return (int) extent;
    }

    /** Fails where an extent is not in 1 … {@code most}. */
    static void requireAtMost(int extent, int most, String what) {
        if (extent < 1 || extent > most) {
            throw new IllegalArgumentException(what + " must be in 1 ... " + most + ", not " + extent);
        }
    }

    /** Fails where an address is absent, or not a multiple of the elements' own size. */
    static void requireAddress(long address, Elements elements, String what) {
        if (address == 0 || address % elements.bytes() != 0) {
            throw new IllegalArgumentException(what + " lies at " + address + ", not at an address of " + elements);
        }
    }

    /** Whether all of these are multiples of 16 bytes: addresses, or strides in bytes. */
    static boolean aligned(long... addresses) {
        for (long address : addresses) {
            if (address % Launch.WIDEST_BYTES != 0) {
                return false;
            }
        }
        return true;
    }

    static long divideUp(long extent, long part) {
        return (extent + part - 1) / part;
    }

    /** Blocks of a kernel that strides over its grid until {@code threads} pieces of work are done. */
    static int stridingBlocks(Kernels kernels, long work, int threads) {
        long enough = (long) kernels.device().multiprocessors() * BLOCKS_A_MULTIPROCESSOR;
        return (int) Math.max(1, Math.min(divideUp(work, threads), enough));
    }
}
