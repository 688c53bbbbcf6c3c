package io.art2mus.cli.options;

import io.art2mus.weights.WeightsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the project brings along, found beside the launcher. */
public final class Installation {
    /** Set by the launcher: the folder it stands in. */
    private static final String HOME = "art2mus.home";

    private Installation() {}

    /** The small trained checkpoint. */
    public static Path miniModel() {
        @Nullable String home = System.getProperty(HOME);
        if (home == null) {
            throw new WeightsException(
                    "the property " + HOME + " is not set", Path.of("models/mini"), "start ./art2mus");
        }
        return Path.of(home, "models", "mini");
    }
}
