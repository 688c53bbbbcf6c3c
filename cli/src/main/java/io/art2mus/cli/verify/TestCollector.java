package io.art2mus.cli.verify;

import io.art2mus.cli.verify.TestClassResult.Failure;
import io.art2mus.cli.verify.TestClassResult.Skip;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Gathers how tests end, class by class. They run one after the other. */
final class TestCollector implements TestExecutionListener {
    /** The engine's own segment, and that of the class. */
    private static final int SEGMENTS_OF_A_CLASS = 2;

    private final Supplier<List<String>> output;
    private final Consumer<TestClassResult> finished;
    private final List<Failure> failures = new ArrayList<>();
    private final List<Skip> skips = new ArrayList<>();
    private @Nullable ReachedFigure worst;
    private int passed;
    private long began;

    /**
     * @param output takes the lines that were printed since it was asked last
     * @param finished told of each class when its last test has ended
     */
    TestCollector(Supplier<List<String>> output, Consumer<TestClassResult> finished) {
        this.output = output;
        this.finished = finished;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (isClass(test)) {
            began = System.nanoTime();
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skips.add(new Skip(test.getDisplayName(), reason));
        if (isClass(test)) {
            began = System.nanoTime();
            finish(test);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        for (String line : output.get()) {
            ReachedFigure.of(line).ifPresent(this::note);
        }
        Throwable cause = result.getThrowable().orElse(null);
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED -> skips.add(new Skip(test.getDisplayName(), firstLine(cause)));
            case FAILED -> failures.add(new Failure(test.getDisplayName(), firstLine(cause), stack(cause)));
        }
        if (isClass(test)) {
            finish(test);
        }
    }

    private void note(ReachedFigure figure) {
        ReachedFigure before = worst;
        worst = before == null ? figure : before.worse(figure);
    }

    private void finish(TestIdentifier test) {
        double seconds = (System.nanoTime() - began) / 1e9;
        finished.accept(new TestClassResult(className(test), passed, failures, skips, worst, seconds));
        failures.clear();
        skips.clear();
        worst = null;
        passed = 0;
    }

    private static boolean isClass(TestIdentifier test) {
        return test.getUniqueIdObject().getSegments().size() == SEGMENTS_OF_A_CLASS;
    }

    private static String className(TestIdentifier test) {
        return test.getSource()
                .filter(ClassSource.class::isInstance)
                .map(source -> ((ClassSource) source).getClassName())
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .orElse(test.getDisplayName());
    }

    private static String firstLine(@Nullable Throwable cause) {
        return cause == null
                ? "no reason given"
                : String.valueOf(cause.getMessage()).strip().lines().findFirst().orElse(cause.toString());
    }

    private static String stack(@Nullable Throwable cause) {
        StringWriter text = new StringWriter();
        if (cause != null) {
            cause.printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }
}
