package io.art2mus.ffi.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A kernel's arguments, laid out once as {@code cuLaunchKernel} reads them at every launch. */
public final class KernelArguments {
    private final MemorySegment pointers;

    private KernelArguments(MemorySegment pointers) {
        this.pointers = pointers;
    }

    /**
     * Lays arguments out for as long as {@code arena} lives.
     *
     * @param values {@link DeviceMemory} for a pointer, {@link Long}, {@link Integer} or {@link Float}, as the kernel
     *     declares them; the memory must stay open while the kernel runs
     */
    public static KernelArguments of(Arena arena, Object... values) {
        MemorySegment slots = arena.allocate(JAVA_LONG, values.length);
        MemorySegment pointers = arena.allocate(ADDRESS, values.length);
        for (int i = 0; i < values.length; i++) {
            MemorySegment slot = slots.asSlice(i * JAVA_LONG.byteSize(), JAVA_LONG);
            switch (values[i]) {
                case DeviceMemory memory -> slot.set(JAVA_LONG, 0, memory.devicePointer());
                case Long number -> slot.set(JAVA_LONG, 0, number);
                case Integer number -> slot.set(JAVA_INT, 0, number);
                case Float number -> slot.set(JAVA_FLOAT, 0, number);
                default ->
                    throw new IllegalArgumentException(
                            "a kernel takes no " + values[i].getClass().getSimpleName());
            }
            pointers.setAtIndex(ADDRESS, i, slot);
        }
        return new KernelArguments(pointers);
    }

    MemorySegment pointers() {
        return pointers;
    }
}
