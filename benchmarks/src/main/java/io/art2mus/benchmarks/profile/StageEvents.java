package io.art2mus.benchmarks.profile;

import io.art2mus.pipeline.Progress;
import org.jspecify.annotations.Nullable;

/** Tells the flight recorder of a generation's stages; where nobody records, nobody is told. */
public final class StageEvents implements Progress {
    private @Nullable StageEvent current;

    @Override
    public void begin(Stage stage) {
        end();
        StageEvent event = new StageEvent();
        event.stage = stage.toString();
        event.begin();
        current = event;
    }

    @Override
    public void end() {
        StageEvent event = current;
        if (event != null) {
            event.commit();
            current = null;
        }
    }
}
