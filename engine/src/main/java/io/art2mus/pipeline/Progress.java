package io.art2mus.pipeline;

import java.nio.file.Path;
import java.util.List;

/** Is told what a generation is at, from its own thread. */
public interface Progress {
    /** A stage of the road, in its order. */
    enum Stage {
        IMAGE("seeing the picture"),
        TEXT("reading the texts"),
        LANGUAGE_OF_AUDIO("translating into the language of audio"),
        DENOISING("denoising"),
        MEL("decoding the mel spectrogram"),
        WAVEFORM("synthesising the waveform");

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
    void begin(Stage stage);

    /** Some of the network's calls in {@link Stage#DENOISING} are done. */
    void denoised(int done, int calls);

    /** A part of the model is built; these parameters of its file play no role in it. */
    void unused(Path file, List<String> names);

    /** Tells nobody. */
    Progress SILENT = new Progress() {
        @Override
        public void begin(Stage stage) {
            // Nobody asked.
        }

        @Override
        public void denoised(int done, int calls) {
            // Nobody asked.
        }

        @Override
        public void unused(Path file, List<String> names) {
            // Nobody asked.
        }
    };
}
