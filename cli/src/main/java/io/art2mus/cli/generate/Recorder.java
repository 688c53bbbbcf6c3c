package io.art2mus.cli.generate;

import io.art2mus.audio.Sound;
import io.art2mus.backend.Precision;
import io.art2mus.cli.Version;
import io.art2mus.cli.options.MachineOptions;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cudnn.Cudnn;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.ffi.tokenizers.FastTokenizer;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import io.art2mus.provenance.FileDigest;
import io.art2mus.provenance.FileDigests;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.Provenance.StoredFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down how the sounds of a run were made. What all of them share is found out once. */
final class Recorder {
    private final FileDigests digests;
    private final Provenance.Program program;
    private final Provenance.Device device;
    private final Provenance.Checkpoint checkpoint;

    private Recorder(
            FileDigests digests,
            Provenance.Program program,
            Provenance.Device device,
            Provenance.Checkpoint checkpoint) {
        this.digests = digests;
        this.program = program;
        this.device = device;
        this.checkpoint = checkpoint;
    }

    /** Hashes the weights that sounds of {@code variant} are made with. */
    static Recorder of(
            MachineOptions machine, Checkpoint checkpoint, Variant variant, Precision precision, int threads) {
        FileDigests digests = machine.digests();
        return new Recorder(
                digests,
                program(machine.usesGpu()),
                new Provenance.Device(machine.deviceName(), precision.toString(), threads),
                record(digests, checkpoint, variant));
    }

    private static Provenance.Program program(boolean usesGpu) {
        Map<String, String> libraries = new LinkedHashMap<>();
        if (usesGpu) {
            putVersion(libraries, NativeLibrary.CUBLASLT, CublasLt.status());
            putVersion(libraries, NativeLibrary.CUDNN, Cudnn.status());
        } else {
            putVersion(libraries, NativeLibrary.ONEDNN, OneDnn.status());
        }
        putVersion(libraries, NativeLibrary.ONNXRUNTIME, OnnxRuntime.status());
        putVersion(libraries, NativeLibrary.TOKENIZERS, FastTokenizer.status());
        putVersion(libraries, NativeLibrary.SNDFILE, SoundFileLibrary.status());
        return new Provenance.Program(Version.number(), Runtime.version().toString(), libraries);
    }

    private static void putVersion(Map<String, String> libraries, NativeLibrary library, LibraryStatus status) {
        libraries.put(library.title(), status.require(library).version());
    }

    private static Provenance.Checkpoint record(FileDigests digests, Checkpoint checkpoint, Variant variant) {
        Path folder = checkpoint.folder();
        Map<Path, FileDigest> found = digests.ofAll(checkpoint.files(variant));
        List<StoredFile> own = new ArrayList<>();
        @Nullable StoredFile projection = null;
        @Nullable StoredFile imageBind = null;
        for (Map.Entry<Path, FileDigest> entry : found.entrySet()) {
            Path file = entry.getKey();
            if (file.equals(checkpoint.otherProjection())) {
                projection = StoredFile.alone(file, entry.getValue());
            } else if (file.equals(checkpoint.otherImageBind())) {
                imageBind = StoredFile.alone(file, entry.getValue());
            } else if (file.startsWith(folder)) {
                own.add(StoredFile.below(folder, file, entry.getValue()));
            }
        }
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        return new Provenance.Checkpoint(name, own, projection, imageBind);
    }

    /** Whether the same versions compute on the same kind of machine in the same way as when the sound was made. */
    boolean computesLike(Provenance earlier) {
        return program.equals(earlier.program()) && device.equals(earlier.device());
    }

    /** The weights that are used. */
    Provenance.Checkpoint checkpoint() {
        return checkpoint;
    }

    /** How activations and weights are stored. */
    String precision() {
        return device.precision();
    }

    /** SHA-256 of a file, in hexadecimal. */
    String sha256(Path file) {
        return digests.of(file).sha256();
    }

    /** The picture that a file holds, as a record in {@code folder} names it. */
    Provenance.Picture picture(Path file, Path folder) {
        return Provenance.Picture.of(file, digests.of(file), folder);
    }

    /** What is asked for. */
    static Provenance.Settings settings(Wish wish, int candidate, String peak) {
        return new Provenance.Settings(
                wish.prompt(),
                wish.negativePrompt(),
                wish.variant().toString(),
                wish.seconds(),
                wish.seed(),
                wish.sampler().toString(),
                wish.steps(),
                wish.guidance(),
                wish.candidates(),
                candidate,
                peak);
    }

    /**
     * The record of one sound.
     *
     * @param target where the sound goes
     * @param sound at the level at which it is written
     * @param scores of all candidates; empty where there was nothing to choose
     */
    Provenance record(
            Path target,
            Sound sound,
            SoundFormat format,
            Provenance.@Nullable Picture picture,
            Provenance.Settings settings,
            List<Double> scores,
            Map<String, Double> timings) {
        return new Provenance(
                Provenance.FORMAT,
                program,
                device,
                picture,
                settings,
                checkpoint,
                Provenance.SoundRecord.of(target, format, sound),
                scores.isEmpty() ? null : scores,
                timings,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }
}
