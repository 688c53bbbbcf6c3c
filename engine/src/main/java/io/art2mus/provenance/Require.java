package io.art2mus.provenance;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What values of a record must be; an {@link IllegalArgumentException} that names the value where they are not. */
final class Require {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Require() {}

    static void that(boolean fits, String name, Object value, String expected) {
        if (!fits) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }

    /** Records are also made from files, which keep to no annotation. */
    static void present(@Nullable Object value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }

    static void finite(double value, String name) {
        that(Double.isFinite(value), name, value, "a finite number");
    }

    static void atLeast(double value, double least, String name) {
        that(Double.isFinite(value) && value >= least, name, value, "a finite number of at least " + least);
    }

    static void atLeast(long value, long least, String name) {
        that(value >= least, name, value, "at least " + least);
    }

    static void oneOf(String value, String name, String... choices) {
        present(value, name);
        that(List.of(choices).contains(value), name, value, String.join(", ", choices));
    }

    static void sha256(String value, String name) {
        present(value, name);
        that(SHA256.matcher(value).matches(), name, value, "64 hexadecimal digits");
    }

    /** A name that stays in its folder. */
    static void fileName(String value, String name) {
        relativePath(value, name);
        that(value.indexOf('/') < 0, name, value, "a file's name without folders");
    }

    /** A path that stays below its folder: no root, no step up, nothing empty. */
    static void relativePath(String value, String name) {
        present(value, name);
        boolean stays =
                value.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(value);
        for (String part : value.split("/", -1)) {
            stays &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        that(stays, name, value, "a path that stays below its folder");
    }

    /** The map in its own order, unmodifiable. */
    static <T> Map<String, T> ordered(Map<String, T> map, String name) {
        present(map, name);
        map.forEach((key, value) -> present(value, name + "." + key));
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
