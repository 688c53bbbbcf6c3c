package io.art2mus.data;

import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Puts pairs together with their embeddings and latents, and leaves out those that lack either. */
final class ItemCollector {
    private final PictureEmbeddings pictures;
    private final MusicLatents music;
    private final StringBuilder contents = new StringBuilder();
    private int skippedPairs;

    ItemCollector(PictureEmbeddings pictures, MusicLatents music) {
        this.pictures = pictures;
        this.music = music;
    }

    /** The items of those pairs that can be used. */
    ItemSet collect(List<Pair> pairs) {
        List<Item> items = new ArrayList<>();
        contents.append(pairs.size()).append('\n');
        for (Pair pair : pairs) {
            HostTensor embedding = pictures.vectors().get(pair.picture());
            MusicLatents.Latents latents = music.latents().get(pair.music());
            if (embedding == null || latents == null) {
                skippedPairs++;
                continue;
            }
            items.add(new Item(pair, embedding, latents.moments(), music.scalingFactor()));
            contents.append(checksum(embedding))
                    .append(' ')
                    .append(latents.name())
                    .append('\n');
        }
        return new ItemSet(items);
    }

    private static long checksum(HostTensor tensor) {
        CRC32C checksum = new CRC32C();
        checksum.update(tensor.data().asByteBuffer());
        return checksum.getValue();
    }

    /** Pairs that were left out. */
    int skippedPairs() {
        return skippedPairs;
    }

    /** SHA-256 of all that was collected, in its order. */
    String digest() {
        return UserCache.nameOf(contents.toString());
    }
}
