package io.art2mus.data;

import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Embeddings that were computed elsewhere: files with one tensor a picture, named by the picture. What stands before a published name is
 * ignored. Owns the mapped files.
 */
final class EmbeddingFiles implements AutoCloseable {
    private final HandleScope scope;
    private final Map<String, Place> places;

    private EmbeddingFiles(HandleScope scope, Map<String, Place> places) {
        this.scope = scope;
        this.places = places;
    }

    /** Where a picture's embedding is. */
    private record Place(SafetensorsFile file, Path path, String key) {}

    /** Maps the files; a {@code WeightsException} for one that is none, a {@link DataException} where two tensors are of one picture. */
    static EmbeddingFiles open(List<Path> paths) {
        try (HandleScope opening = new HandleScope()) {
            Map<String, Place> places = new HashMap<>();
            for (Path path : paths) {
                SafetensorsFile file = opening.own(SafetensorsFile.open(path));
                file.names().forEach(key -> add(places, new Place(file, path, key)));
            }
            return new EmbeddingFiles(opening.release(), places);
        }
    }

    private static void add(Map<String, Place> places, Place place) {
        Place other = places.putIfAbsent(PublishedNames.ofPicture(place.key()), place);
        if (other != null) {
            throw new DataException(
                    place.path(),
                    place.key() + " and " + other.key() + " of " + other.path() + " are embeddings of one picture",
                    "keep one of them");
        }
    }

    /**
     * A picture's embedding.
     *
     * @param vector {@code [1, width]}
     * @param file it is from
     */
    record Embedding(HostTensor vector, Path file) {}

    /**
     * The embedding of a picture; empty where no file has it.
     *
     * @param picture as the table names it
     * @param arena owner of the vector
     * @throws DataException where the tensor is no vector
     */
    Optional<Embedding> find(String picture, Arena arena) {
        Place place = places.get(PublishedNames.ofPicture(picture));
        if (place == null) {
            return Optional.empty();
        }
        place.file().requireUnchanged();
        Parameter stored = place.file().parameter(place.key());
        Shape shape = stored.shape();
        if (shape.rank() == 0 || shape.elements() != shape.last()) {
            throw new DataException(
                    place.path(),
                    place.key() + " is " + shape + ", expected one vector",
                    "give embeddings of single pictures");
        }
        HostTensor vector = stored.floats(arena).reshaped(Shape.of(1, shape.last()));
        return Optional.of(new Embedding(vector, place.path()));
    }

    @Override
    public void close() {
        scope.close();
    }
}
