package io.art2mus.cli.generate;

/** How much a run tells beside errors. */
enum Verbosity {
    /** Nothing. */
    QUIET,
    /** Stages, progress, results and warnings. */
    NORMAL,
    /** Also how long each stage took, and which parameters were not used. */
    VERBOSE
}
