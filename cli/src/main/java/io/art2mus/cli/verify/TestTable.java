package io.art2mus.cli.verify;

import io.art2mus.cli.verify.TestClassResult.Failure;
import io.art2mus.cli.verify.TestClassResult.Skip;
import io.art2mus.cli.verify.Verification.LeftOut;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints how tests ended, a line a class as it comes, and what is to be said of them all. */
final class TestTable {
    private final PrintWriter out;
    private final List<TestClassResult> classes = new ArrayList<>();

    TestTable(PrintWriter out) {
        this.out = out;
    }

    /** What was added, in order. */
    List<TestClassResult> classes() {
        return List.copyOf(classes);
    }

    /** Prints a class's line, below it each failure, and why tests were skipped. */
    void add(TestClassResult tests) {
        classes.add(tests);
        ReachedFigure worst = tests.worst();
        out.printf(
                Locale.ROOT,
                "%-34s %4d passed %3d failed %3d skipped %7.1f s  %s%n",
                tests.name(),
                tests.passed(),
                tests.failures().size(),
                tests.skips().size(),
                tests.seconds(),
                worst == null ? "" : "worst " + worst);
        for (Failure failure : tests.failures()) {
            out.println("  FAILED " + failure.test() + ": " + failure.message());
        }
        Map<String, Integer> reasons = new LinkedHashMap<>();
        for (Skip skip : tests.skips()) {
            reasons.merge(skip.reason(), 1, Integer::sum);
        }
        reasons.forEach((reason, count) -> out.println("  skipped " + count + ": " + reason));
        out.flush();
    }

    /** Prints the sums. */
    void end(List<LeftOut> leftOut) {
        leftOut.stream()
                .filter(tag -> !tag.tag().equals("emulated"))
                .forEach(tag -> out.println("left out: tests tagged " + tag.tag() + ", for " + tag.reason()));
        out.printf(
                Locale.ROOT,
                "%d tests passed, %d failed, %d skipped, in %.1f s%n",
                classes.stream().mapToInt(TestClassResult::passed).sum(),
                classes.stream().mapToInt(tests -> tests.failures().size()).sum(),
                classes.stream().mapToInt(tests -> tests.skips().size()).sum(),
                classes.stream().mapToDouble(TestClassResult::seconds).sum());
        out.flush();
    }
}
