package io.art2mus.cli.options;

import io.art2mus.audio.PeakNormalisation;
import picocli.CommandLine.ITypeConverter;

/** Levels of the peak, as users write them. */
public final class Peaks implements ITypeConverter<PeakNormalisation> {
    /** For picocli. */
    public Peaks() {}

    @Override
    public PeakNormalisation convert(String level) {
        return Converted.by(() -> PeakNormalisation.parse(level));
    }
}
