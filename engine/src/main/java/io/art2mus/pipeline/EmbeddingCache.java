package io.art2mus.pipeline;

import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.provenance.FileDigest;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What frozen encoders made of pictures and texts, so that the second sound of either does not wait for them. Vectors come back bit for
 * bit, and everything that could make them other bits is in their key.
 */
final class EmbeddingCache {
    /** To be raised when a front end, an encoder or the layout below changes. */
    private static final int COMPUTATION = 1;

    private final @Nullable UserCache cache;

    /** Keeps vectors in {@code cache}; with null it computes them each time. */
    EmbeddingCache(@Nullable UserCache cache) {
        this.cache = cache;
    }

    /**
     * What a vector depends on.
     *
     * @param encoder what it is the vector of
     * @param input SHA-256 of what it reads: the picture's file, or a text's tokens
     * @param weights SHA-256 of the files of the encoder
     * @param library that computes, with its version
     * @param device it computes on, with the instructions it uses: a home folder may be shared by several machines
     * @param precision it computes in
     * @param threads that share the work
     */
    record Key(
            String encoder,
            String input,
            String weights,
            String library,
            String device,
            String precision,
            int threads) {
        /** Of a vector that {@code runtime} computes. */
        static Key of(String encoder, String input, Collection<FileDigest> weights, EncoderRuntime runtime) {
            return new Key(
                    encoder,
                    input,
                    weights.stream().map(FileDigest::sha256).collect(Collectors.joining(" ")),
                    "onnxruntime "
                            + OnnxRuntime.status()
                                    .require(NativeLibrary.ONNXRUNTIME)
                                    .version(),
                    runtime.device(),
                    "f32",
                    runtime.threads());
        }

        private String text() {
            return String.join(
                    "\n",
                    encoder + " " + COMPUTATION,
                    input,
                    weights,
                    library,
                    device,
                    precision,
                    Integer.toString(threads));
        }
    }

    /**
     * The vector that was kept under a key, else the one that {@code encode} makes.
     *
     * @param arena owner of a vector that was kept
     */
    HostTensor get(Key key, Arena arena, Supplier<HostTensor> encode) {
        if (cache == null) {
            return encode.get();
        }
        Optional<byte[]> kept = cache.recall(CacheKind.EMBEDDINGS, key.text());
        if (kept.isPresent()) {
            return decoded(kept.get(), arena);
        }
        HostTensor made = encode.get();
        cache.remember(CacheKind.EMBEDDINGS, key.text(), encoded(made));
        return made;
    }

    /** Rank, extents, values; little-endian. */
    private static byte[] encoded(HostTensor tensor) {
        long[] extents = tensor.shape().extents();
        int values = Math.toIntExact(tensor.shape().elements());
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(
                        Integer.BYTES + extents.length * Long.BYTES, Math.multiplyExact(values, Float.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(extents.length);
        for (long extent : extents) {
            bytes.putLong(extent);
        }
        for (int i = 0; i < values; i++) {
            bytes.putFloat(tensor.get(i));
        }
        return bytes.array();
    }

    /** Undamaged, which the cache has seen to, and of this layout, which the key says. */
    private static HostTensor decoded(byte[] stored, Arena arena) {
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        long[] extents = new long[bytes.getInt()];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = bytes.getLong();
        }
        HostTensor tensor = HostTensor.allocate(arena, Shape.of(extents));
        for (int i = 0; i < tensor.shape().elements(); i++) {
            tensor.set(i, bytes.getFloat());
        }
        return tensor;
    }
}
