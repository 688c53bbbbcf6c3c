package io.art2mus.benchmarks.profile;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A stage of a generation, for Java's flight recorder. */
@Name(StageEvent.NAME)
@Label("Stage")
@Category("Art2Mus")
@StackTrace(false)
final class StageEvent extends Event {
    static final String NAME = "io.art2mus.Stage";

    @Label("Stage")
    String stage = "";
}
