package io.art2mus.benchmarks.subject;

import java.util.function.Function;

/**
 * Something that can be measured.
 *
 * @param name words with slashes between, the more general first
 * @param description for a list of them
 * @param perCall how often it happens in a call of the network that it was taken from; 1 for what stands by itself
 * @param suits what computes it
 * @param opening makes it ready, on the thread that will call it
 */
public record Subject(String name, String description, int perCall, Suits suits, Function<Machine, Opened> opening) {
    Subject(String name, String description, Function<Machine, Opened> opening) {
        this(name, description, 1, Suits.EVERY_DEVICE, opening);
    }

    Subject(String name, String description, Suits suits, Function<Machine, Opened> opening) {
        this(name, description, 1, suits, opening);
    }

    /** Makes it ready. The caller owns what is opened. */
    public Opened open(Machine machine) {
        return opening.apply(machine);
    }

    /** Whether it can be measured where a GPU computes, or where none does. */
    public boolean suits(boolean gpu) {
        return suits.includes(gpu);
    }

    /** Whether {@code selection} is its name or the first words of it. */
    public boolean isIn(String selection) {
        return name.equals(selection) || name.startsWith(selection + "/");
    }
}
