package io.art2mus.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class TestCollectorTest {
    private static final List<String> PRINTED = new ArrayList<>();

    /** What is collected below; nobody else runs it. */
    static class Sample {
        @TestFactory
        Stream<DynamicTest> cases() {
            return Stream.of(
                    dynamicTest("near", () -> PRINTED.add("near: 9.0e-06 (limit 1e-05)")),
                    dynamicTest("far", () -> PRINTED.add("far: 1.0e-06 (limit 1e-05)")));
        }

        @Test
        void fails() {
            assertThat(1).as("one").isEqualTo(2);
        }

        @Test
        void isSkipped() {
            assumeTrue(false, "there is a second GPU");
        }
    }

    private static TestClassResult collected() {
        List<TestClassResult> finished = new ArrayList<>();
        TestCollector collector = new TestCollector(
                () -> {
                    List<String> lines = List.copyOf(PRINTED);
                    PRINTED.clear();
                    return lines;
                },
                finished::add);
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Sample.class))
                                .build(),
                        collector);
        assertThat(finished).hasSize(1);
        return finished.getFirst();
    }

    @Test
    void countsAClassesTestsAndKeepsTheFigureNearestToItsLimit() {
        TestClassResult sample = collected();
        assertThat(sample.passed()).isEqualTo(2);
        assertThat(sample.worst()).isEqualTo(new ReachedFigure("near", 9e-6, 1e-5));
        assertThat(sample.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.test()).isEqualTo("fails()");
            assertThat(failure.message()).startsWith("[one]");
            assertThat(failure.stack()).contains("TestCollectorTest");
        });
        assertThat(sample.skips())
                .singleElement()
                .satisfies(skip -> assertThat(skip.reason()).contains("there is a second GPU"));
    }

    @Test
    void aClassIsALineAndItsFailuresStandBelow() {
        StringWriter text = new StringWriter();
        TestTable table = new TestTable(new PrintWriter(text));
        table.add(collected());
        table.end(List.of(new Verification.LeftOut("mini", "the small model is not in this package")));
        assertThat(text.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("2 passed   1 failed   1 skipped")
                                .endsWith("worst 9.0e-06 of 1e-05, near"),
                        line -> assertThat(line).startsWith("  FAILED fails(): [one]"),
                        line -> assertThat(line).startsWith("  skipped 1: "),
                        line -> assertThat(line)
                                .isEqualTo("left out: tests tagged mini, for the small model is not in this package"),
                        line -> assertThat(line).startsWith("2 tests passed, 1 failed, 1 skipped"));
    }
}
