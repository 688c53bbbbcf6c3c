package io.art2mus.cli.options;

import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cpu.CpuBackend.Precision;
import io.art2mus.ffi.UserCache;
import io.art2mus.provenance.FileDigests;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What computes, and how. */
public final class MachineOptions {
    /** More than any machine that this runs on has. */
    private static final int MOST_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            converter = DeviceNames.class,
            description = "auto, cpu or cuda; default: auto.")
    private Device device = Device.AUTO;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            converter = Precisions.class,
            description =
                    "How activations and weights are stored: f32, bf16, f16, or auto for bf16 where the processor computes "
                            + "in it and f32 elsewhere; default: auto.")
    private @Nullable Precision precision;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the CPU, for all libraries together; default: as many as there are processors.")
    private @Nullable Integer threads;

    @Option(
            names = "--no-cache",
            description =
                    "Neither use nor keep embeddings of pictures, latents of music, digests of files, repacked weights and the "
                            + "fastest ways that were measured.")
    private boolean noCache;

    /** Threads to compute with. */
    public int threads() {
        return threads(Runtime.getRuntime().availableProcessors());
    }

    /** Threads to compute with where the default is another. */
    public int threads(int otherwise) {
        Integer chosen = threads;
        if (chosen == null) {
            return otherwise;
        }
        if (chosen < 1 || chosen > MOST_THREADS) {
            throw new ParameterException(
                    spec.commandLine(), "--threads is " + chosen + ", expected 1 to " + MOST_THREADS);
        }
        return chosen;
    }

    /** How activations and weights are stored. */
    public Precision precision() {
        Precision chosen = precision;
        return chosen == null ? Precision.auto() : chosen;
    }

    /** The same where the default is the one of this name. */
    public Precision precisionOr(String otherwise) {
        Precision chosen = precision;
        return chosen == null ? Precision.named(otherwise) : chosen;
    }

    /** What is kept between runs; null where nothing is to be. */
    public @Nullable UserCache cache() {
        return noCache ? null : UserCache.ofUser();
    }

    /** Digests of files, remembered where that is wanted. */
    public FileDigests digests() {
        return noCache ? FileDigests.withoutCache() : FileDigests.remembering(UserCache.ofUser());
    }

    /** Refuses a device that cannot be used and a number of threads out of bounds, before the work begins. */
    public void requireUsable() {
        threads();
        device.requireUsable();
    }

    /** Opens what was asked for, for the calling thread; a {@code RuntimeException} of one line where there is none. */
    public CpuBackend open() {
        return open(precision(), threads());
    }

    /** Opens the device with a precision and thread count from elsewhere. */
    public CpuBackend open(Precision precision, int threads) {
        device.requireUsable();
        return CpuBackend.open(threads, precision, cache());
    }

    /** Names of devices. */
    static final class DeviceNames implements ITypeConverter<Device> {
        @Override
        public Device convert(String name) {
            return Converted.by(() -> Device.named(name));
        }
    }

    /** Storage types, or the choice of one. */
    static final class Precisions implements ITypeConverter<Precision> {
        @Override
        public Precision convert(String name) {
            return Converted.by(() -> Precision.named(name));
        }
    }
}
