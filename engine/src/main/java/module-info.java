/** Graph, backends, models, encoders, and the pipeline from picture to sound. */
module io.art2mus.engine {
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.csv;
    requires transitive io.art2mus.ffi;
    requires io.art2mus.kernels;
    requires java.desktop;
    requires transitive jdk.jfr;
    requires static transitive org.jspecify;

    exports io.art2mus.audio;
    exports io.art2mus.backend;
    exports io.art2mus.backend.cpu;
    exports io.art2mus.backend.cuda;
    exports io.art2mus.checkpoint;
    exports io.art2mus.data;
    exports io.art2mus.diffusion;
    exports io.art2mus.encoder.audio;
    exports io.art2mus.encoder.picture;
    exports io.art2mus.encoder;
    exports io.art2mus.graph;
    exports io.art2mus.model;
    exports io.art2mus.nn;
    exports io.art2mus.pipeline;
    exports io.art2mus.provenance;
    exports io.art2mus.train;
    exports io.art2mus.weights;

    opens io.art2mus.provenance to
            com.fasterxml.jackson.databind;
}
