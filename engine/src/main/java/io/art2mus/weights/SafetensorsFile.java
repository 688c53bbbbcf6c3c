package io.art2mus.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * A mapped {@code .safetensors} file: 8 bytes of header length, a JSON header, then the tensors, row-major.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index#format">the format</a>
 */
public final class SafetensorsFile extends MappedTensors {
    private final Map<String, String> metadata;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        super(file, header.tensors());
        this.metadata = Collections.unmodifiableMap(header.metadata());
    }

    /** Maps a file and checks its whole header; a {@link WeightsException} where it lies. */
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return new SafetensorsFile(file, SafetensorsHeader.read(file));
        } catch (Throwable refused) {
            file.close();
            throw refused;
        }
    }

    /** The header's {@code __metadata__}, such as {@code format: pt}; empty where there is none. */
    public Map<String, String> metadata() {
        return metadata;
    }
}
