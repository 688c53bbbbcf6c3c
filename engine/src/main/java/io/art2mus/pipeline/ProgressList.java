package io.art2mus.pipeline;

import io.art2mus.backend.PlanMemory;
import java.nio.file.Path;
import java.util.List;

/** Tells several listeners, in this order. */
public record ProgressList(List<Progress> listeners) implements Progress {
    public ProgressList {
        listeners = List.copyOf(listeners);
    }

    @Override
    public void begin(Stage stage) {
        listeners.forEach(listener -> listener.begin(stage));
    }

    @Override
    public void end() {
        listeners.forEach(Progress::end);
    }

    @Override
    public void denoised(int done, int calls) {
        listeners.forEach(listener -> listener.denoised(done, calls));
    }

    @Override
    public void compiled(String part, PlanMemory memory) {
        listeners.forEach(listener -> listener.compiled(part, memory));
    }

    @Override
    public void unused(Path file, List<String> names) {
        listeners.forEach(listener -> listener.unused(file, names));
    }

    @Override
    public void warn(String message) {
        listeners.forEach(listener -> listener.warn(message));
    }
}
