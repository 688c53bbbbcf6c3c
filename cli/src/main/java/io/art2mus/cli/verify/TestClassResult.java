package io.art2mus.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the tests of one class ended.
 *
 * @param name of the class, without its package
 * @param worst the figure that came nearest to its limit; null where none was compared
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record TestClassResult(
        String name,
        int passed,
        List<Failure> failures,
        List<Skip> skips,
        @Nullable ReachedFigure worst,
        double seconds) {
    TestClassResult {
        failures = List.copyOf(failures);
        skips = List.copyOf(skips);
    }

    /** A test that failed; {@code stack} is its exception's, as Java prints it. */
    record Failure(String test, String message, String stack) {}

    /** A test, or a class of them, that did not run, and why. */
    record Skip(String test, String reason) {}
}
