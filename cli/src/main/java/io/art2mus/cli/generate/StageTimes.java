package io.art2mus.cli.generate;

import io.art2mus.pipeline.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notes when each stage and each call of the network began and ended. */
public final class StageTimes implements Progress {
    private final List<Span> stages = new ArrayList<>();
    private final List<Span> calls = new ArrayList<>();
    private @Nullable Stage running;
    private long began;
    private long callBegan;
    private int stagesOfEarlierPictures;

    /**
     * Something that took time.
     *
     * @param began nanoseconds, of {@link System#nanoTime()}
     * @param ended nanoseconds, of the same clock
     */
    record Span(String name, long began, long ended) {
        double seconds() {
            return (ended - began) / 1e9;
        }
    }

    @Override
    public void begin(Stage stage) {
        end();
        running = stage;
        began = System.nanoTime();
        callBegan = began;
    }

    @Override
    public void end() {
        Stage stage = running;
        if (stage != null) {
            stages.add(new Span(stage.toString(), began, System.nanoTime()));
            running = null;
        }
    }

    @Override
    public void denoised(int done, int all) {
        long now = System.nanoTime();
        calls.add(new Span("step " + done, callBegan, now));
        callBegan = now;
    }

    /** Every stage that ended, in order. */
    List<Span> stages() {
        return List.copyOf(stages);
    }

    /** Every call of the network. */
    List<Span> calls() {
        return List.copyOf(calls);
    }

    /** Seconds of each stage, those of the same name added up, in order of their first beginning. */
    public Map<String, Double> seconds() {
        return seconds(stages);
    }

    /** The same since the picture before was done, with what was done for all of a batch in the first picture's. */
    Map<String, Double> secondsOfPicture() {
        return seconds(stages.subList(stagesOfEarlierPictures, stages.size()));
    }

    /** What is noted from now on is the next picture's. */
    void endPicture() {
        stagesOfEarlierPictures = stages.size();
    }

    private static Map<String, Double> seconds(List<Span> spans) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        spans.forEach(span -> seconds.merge(span.name(), span.seconds(), Double::sum));
        return seconds;
    }
}
