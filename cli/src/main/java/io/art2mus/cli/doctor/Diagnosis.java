package io.art2mus.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.NativeLibrary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found on this machine. {@code --json} prints it under these names; memory is in bytes.
 *
 * @param version of art2mus
 * @param backend what {@code auto} would compute with
 * @param libraries in the order in which a run needs them
 * @param soundFormats what libsndfile writes; empty where it is missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Diagnosis(
        String version,
        Java java,
        Cpu cpu,
        Memory memory,
        List<Library> libraries,
        List<Gpu> gpus,
        String backend,
        List<SoundFormat> soundFormats,
        Caches caches) {

    /** The virtual machine that runs this. */
    record Java(String version, String vendor, String home) {}

    /**
     * The processor.
     *
     * @param model as the kernel names it
     * @param threads that a computation uses
     * @param instructionSet what oneDNN really generates code for; null where oneDNN is missing
     * @param bf16 whether the CPU multiplies bf16 itself
     * @param amx whether it does so on matrix tiles
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Cpu(String model, int threads, @Nullable String instructionSet, boolean bf16, boolean amx) {}

    /**
     * Memory in bytes. Tensors live in native memory, outside the Java heap.
     *
     * @param total that this process may use at most (a container's limit counts)
     * @param available to new native allocations now
     * @param resident what this process holds now
     * @param javaHeapLimit the most that the Java heap may grow to
     */
    record Memory(long total, long available, long resident, long javaHeapLimit) {}

    /**
     * A native library: version and path where it can be used, else why not and what to do.
     *
     * @param required whether a picture cannot be turned into sound without it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Library(
            String name,
            boolean required,
            boolean available,
            @Nullable String version,
            @Nullable String path,
            @Nullable String reason,
            @Nullable String remedy) {

        static Library of(NativeLibrary library, boolean required, LibraryStatus status) {
            return switch (status) {
                case LibraryStatus.Available(var path, var version) ->
                    new Library(library.title(), required, true, version, path.toString(), null, null);
                case LibraryStatus.Unavailable(var reason, var remedy) ->
                    new Library(library.title(), required, false, null, null, reason, remedy);
            };
        }
    }

    /** A CUDA device; memory in bytes, driver as NVIDIA numbers it. */
    record Gpu(String name, String computeCapability, long memory, String driver) {}

    /** A container that libsndfile writes, and the encodings it writes into it. */
    record SoundFormat(String name, String extension, List<String> encodings) {}

    /** The folder of what can be made again, and the bytes that each kind takes on disk. */
    record Caches(String folder, Map<String, Long> sizes) {}

    /** Whether a picture can be turned into sound here. */
    @JsonProperty
    boolean ready() {
        return missing().isEmpty();
    }

    /** The required libraries that cannot be used. */
    List<Library> missing() {
        return libraries.stream()
                .filter(library -> library.required() && !library.available())
                .toList();
    }
}
