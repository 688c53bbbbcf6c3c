package io.art2mus.data;

/** Is told how far the preparation of data is, from the thread that prepares. */
public interface DataListener {
    /** What is prepared. */
    enum Stage {
        PICTURES("seeing the pictures"),
        MUSIC("listening to the music");

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

    /** Some of a stage's files are done; at first none. */
    default void prepared(Stage stage, int done, int files) {}

    /** A file cannot be used, and the work goes on without it. */
    default void skipped(Skipped skipped) {}

    /** Something is not as the user may think, and the work goes on. */
    default void warn(String message) {}

    /** Tells nobody. */
    DataListener SILENT = new DataListener() {};
}
