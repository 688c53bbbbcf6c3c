package io.art2mus.cli.options;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.ffi.UserCache;
import io.art2mus.provenance.FileDigests;
import java.util.Optional;
import java.util.OptionalInt;
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
            description =
                    "auto, cpu, cuda, or cuda:1 for the second GPU; default: auto, which is cuda where art2mus doctor says so.")
    private Device device = Device.AUTO;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            converter = Precisions.class,
            description =
                    "How activations and weights are stored: f32, bf16, f16, or auto for f16 on a GPU, bf16 where the "
                            + "processor computes in it and f32 elsewhere; default: auto.")
    private Wanted wanted = new Wanted(Optional.empty());

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the CPU, for all libraries together; default: as many as there are processors.")
    private @Nullable Integer threads;

    @Option(
            names = "--no-cache",
            description =
                    "Neither use nor keep embeddings of pictures and texts, latents of music, digests of files, repacked weights and the "
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
        return wanted.precision.orElseGet(device::bestPrecision);
    }

    /** The same where the default is the one of this name. */
    public Precision precisionOr(String otherwise) {
        return wanted.precision.orElseGet(() -> Precision.named(otherwise));
    }

    /** What is kept between runs; null where nothing is to be. */
    public @Nullable UserCache cache() {
        return noCache ? null : UserCache.ofUser();
    }

    /** Digests of files, remembered where that is wanted. */
    public FileDigests digests() {
        return noCache ? FileDigests.withoutCache() : FileDigests.remembering(UserCache.ofUser());
    }

    /** Refuses what the device cannot do and a number of threads out of bounds, before the work begins. */
    public void requireUsable() {
        threads();
        if (device.isGpu()) {
            device.description();
        } else if (wanted.precision.equals(Optional.of(Precision.F16))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--precision: f16 is for GPUs, the CPU does not compute in it: give f32, bf16 or auto");
        }
    }

    /** Whether a GPU computes. */
    public boolean usesGpu() {
        return device.isGpu();
    }

    /** The GPU that computes, by its number in the driver's order; empty where the CPU does. */
    public OptionalInt gpu() {
        return device.isGpu() ? OptionalInt.of(device.ordinal()) : OptionalInt.empty();
    }

    /** What computes, as a sound's provenance names it. */
    public String deviceName() {
        return device.description();
    }

    /** Opens what was asked for, for the calling thread; a {@code RuntimeException} of one line where there is none. */
    public Backend open() {
        return open(precision(), threads());
    }

    /** Opens the device with a precision and thread count from elsewhere. */
    public Backend open(Precision precision, int threads) {
        return device.open(precision, threads, cache());
    }

    /** Names of devices. */
    static final class DeviceNames implements ITypeConverter<Device> {
        @Override
        public Device convert(String name) {
            return Converted.by(() -> Device.named(name));
        }
    }

    /** A storage type, or the one that suits the device best. */
    record Wanted(Optional<Precision> precision) {}

    /** Storage types, and {@code auto}. */
    static final class Precisions implements ITypeConverter<Wanted> {
        @Override
        public Wanted convert(String name) {
            return new Wanted(
                    name.equals("auto") ? Optional.empty() : Converted.by(() -> Optional.of(Precision.named(name))));
        }
    }
}
