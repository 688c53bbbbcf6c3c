package io.art2mus.ffi.cuda;

/** A GPU. */
public final class CudaDevice {
    private final int ordinal;
    private final int handle;
    private final String name;
    private final int major;
    private final int minor;
    private final long bytes;
    private final int multiprocessors;
    private final int sharedBytesPerBlock;

    CudaDevice(
            int ordinal,
            int handle,
            String name,
            int major,
            int minor,
            long bytes,
            int multiprocessors,
            int sharedBytesPerBlock) {
        this.ordinal = ordinal;
        this.handle = handle;
        this.name = name;
        this.major = major;
        this.minor = minor;
        this.bytes = bytes;
        this.multiprocessors = multiprocessors;
        this.sharedBytesPerBlock = sharedBytesPerBlock;
    }

    /** Its place in the driver's order, from 0. */
    public int ordinal() {
        return ordinal;
    }

    /** As its maker calls it. */
    public String name() {
        return name;
    }

    /** As {@code 9.0}. */
    public String computeCapability() {
        return major + "." + minor;
    }

    /** The real architecture that kernels are compiled for, as {@code sm_90}. */
    public String architecture() {
        return "sm_" + major + minor;
    }

    /** Bytes of memory. */
    public long memoryBytes() {
        return bytes;
    }

    /** How many multiprocessors run blocks side by side. */
    public int multiprocessors() {
        return multiprocessors;
    }

    /** Bytes of shared memory that a block can have at most, where its kernel is allowed them. */
    public int sharedBytesPerBlock() {
        return sharedBytesPerBlock;
    }

    int handle() {
        return handle;
    }
}
