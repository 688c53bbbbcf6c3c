package io.art2mus.benchmarks.subject;

import io.art2mus.pipeline.Checkpoint;
import java.util.List;
import java.util.stream.Stream;

/** Everything that can be measured of a checkpoint. */
public final class Subjects {
    private Subjects() {}

    /** The networks, a training's micro-step, the frozen encoders and the whole road: what is measured where nothing is named. */
    public static List<Subject> parts() {
        return Stream.of(Networks.all(), MicroSteps.all(), Encoders.all(), Generation.all())
                .flatMap(List::stream)
                .toList();
    }

    /** {@link #parts} and the operations of a checkpoint's T-UNet. */
    public static List<Subject> all(Checkpoint checkpoint) {
        return Stream.concat(parts().stream(), Operations.all(checkpoint).stream())
                .toList();
    }
}
