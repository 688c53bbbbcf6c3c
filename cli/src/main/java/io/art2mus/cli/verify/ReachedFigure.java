package io.art2mus.cli.verify;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How close a test came to its reference, as every test prints it: {@code what: 3.1e-06 (limit 1e-05)}.
 *
 * @param reached not a number, or infinite, where the result was not a number
 * @param limit the most that passes; above 0
 */
record ReachedFigure(String what, double reached, double limit) {
    private static final String NUMBER = "(NaN|Infinity|[0-9.]+(?:e[-+]?[0-9]+)?)";
    private static final Pattern LINE = Pattern.compile("(.+): " + NUMBER + " \\(limit " + NUMBER + "\\)");

    /** The figure that a line tells; empty where it is another kind of line. */
    static Optional<ReachedFigure> of(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new ReachedFigure(
                        matcher.group(1), Double.parseDouble(matcher.group(2)), Double.parseDouble(matcher.group(3))))
                : Optional.empty();
    }

    /** The one that is nearer to its limit, or farther beyond. */
    ReachedFigure worse(ReachedFigure other) {
        // What is not a number compares as more than anything.
        return Double.compare(other.reached / other.limit, reached / limit) > 0 ? other : this;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1e of %.0e, %s", reached, limit, what);
    }
}
