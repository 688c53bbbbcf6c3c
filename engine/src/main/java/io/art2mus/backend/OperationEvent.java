package io.art2mus.backend;

import io.art2mus.graph.Graph;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * One execution of an operation, for Java's flight recorder. Only plans that are compiled while somebody records send any, so that
 * otherwise they cost nothing.
 */
@Name(OperationEvent.NAME)
@Label("Operation")
@Category("Art2Mus")
@Description("An operation of a network, or one of several primitives that it became")
@StackTrace(false)
public final class OperationEvent extends Event {
    /** What recordings call it. */
    public static final String NAME = "io.art2mus.Operation";

    @Label("Kind")
    String kind = "";

    @Label("Path")
    @Description("Where in the model it stands")
    String path = "";

    private OperationEvent() {}

    /** {@code work} itself, or, where somebody records, the same with an event around each run. */
    public static Runnable around(Graph.Node node, Runnable work) {
        if (!new OperationEvent().isEnabled()) {
            return work;
        }
        String kind = node.op().getClass().getSimpleName();
        String path = node.path();
        return () -> {
            OperationEvent event = new OperationEvent();
            event.kind = kind;
            event.path = path;
            event.begin();
            work.run();
            event.commit();
        };
    }
}
