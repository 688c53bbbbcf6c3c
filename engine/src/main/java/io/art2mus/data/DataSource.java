package io.art2mus.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the data of a training lies.
 *
 * @param pairs a {@linkplain PairTable table}
 * @param images folder that the table's pictures are below
 * @param audio folder that the table's music is below
 * @param embeddings {@code .safetensors} files of pictures' embeddings, a tensor each; those that are in none are computed
 * @param clipStart where the ten seconds of a track begin that are learned from, seconds
 */
public record DataSource(Path pairs, Path images, Path audio, List<Path> embeddings, double clipStart) {
    public DataSource {
        embeddings = List.copyOf(embeddings);
        if (!(clipStart >= 0 && clipStart < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a clip cannot start at " + clipStart + " s");
        }
    }

    /** The file of a pair's picture, which may not be there. */
    public Path picture(String name) {
        return file(images, name, PublishedNames.ofPicture(name));
    }

    /** The file of a pair's music, which may not be there. */
    Path music(String name) {
        return file(audio, name, PublishedNames.ofMusic(name));
    }

    private static Path file(Path folder, String name, String own) {
        Path whole = folder.resolve(name);
        return own.isEmpty() || Files.exists(whole) ? whole : folder.resolve(own);
    }
}
