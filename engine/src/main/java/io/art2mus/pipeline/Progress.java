package io.art2mus.pipeline;

import io.art2mus.backend.PlanMemory;
import java.nio.file.Path;
import java.util.List;

/** Is told what a generation is at, from its own thread. */
public interface Progress {
    /** A stage of the road, in its order. */
    enum Stage {
        IMAGE("seeing the picture"),
        TEXT("reading the texts"),
        LANGUAGE_OF_AUDIO("translating into the language of audio"),
        PREPARATION("preparing the T-UNet"),
        DENOISING("denoising"),
        MEL("decoding the mel spectrogram"),
        WAVEFORM("synthesising the waveform"),
        RANKING("comparing sounds with the picture");

        private final String label;

        Stage(String label) {
            this.label = label;
        }

        /** What users read. */
        @Override
        public String toString() {
            return label;
        }
    }

    /** A stage begins; the one before it is done. */
    default void begin(Stage stage) {}

    /** The last stage is done. */
    default void end() {}

    /** Some of the network's calls in {@link Stage#DENOISING} are done. */
    default void denoised(int done, int calls) {}

    /** A part of the model is compiled, and holds this memory while it is open. */
    default void compiled(String part, PlanMemory memory) {}

    /** A part of the model is built; these parameters of its file play no role in it. */
    default void unused(Path file, List<String> names) {}

    /** Something is not as the user may think, and the work goes on. */
    default void warn(String message) {}

    /** Tells nobody. */
    Progress SILENT = new Progress() {};
}
