package io.art2mus.cli.options;

import java.util.function.Supplier;
import picocli.CommandLine.TypeConversionException;

/** Reads option values with the engine's own parsers. */
public final class Converted {
    private Converted() {}

    /** What {@code parse} gives; its refusal becomes one of the option's. */
    public static <T> T by(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException misspelt) {
            throw new TypeConversionException(misspelt.getMessage());
        }
    }
}
