package io.art2mus.data;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the autoencoder made of music, in files of the user's cache that stay mapped: an epoch reads them, and a file that the cache lets
 * go of meanwhile lasts as long as its mapping. A file holds float32 values, row-major and little-endian, and nothing else: that they are
 * whole, and what they are of, is the cache's affair.
 */
final class LatentCache {
    private final @Nullable UserCache cache;
    private final Shape shape;
    private final Arena arena;

    /**
     * Latents of one shape.
     *
     * @param cache keeps them; null holds them in memory alone
     * @param arena owner of all that is found and kept, shared by threads
     */
    LatentCache(@Nullable UserCache cache, Shape shape, Arena arena) {
        this.cache = cache;
        this.shape = shape;
        this.arena = arena;
    }

    /** The latents of this name; empty where there are none, or they are damaged. */
    Optional<HostTensor> find(String name) {
        UserCache kept = cache;
        return kept == null
                ? Optional.empty()
                : kept.find(CacheKind.LATENTS, name).flatMap(this::mapped);
    }

    private Optional<HostTensor> mapped(Path file) {
        long bytes = shape.elements() * Float.BYTES;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.size() == bytes
                    ? Optional.of(new HostTensor(shape, channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena)))
                    : Optional.empty();
        } catch (IOException _) {
            // Gone since it was found.
            return Optional.empty();
        }
    }

    /** Keeps latents under a name; where the disk is full, in memory. */
    HostTensor keep(String name, HostTensor moments) {
        UserCache kept = cache;
        if (kept != null) {
            byte[] bytes = moments.data().toArray(ValueLayout.JAVA_BYTE);
            kept.replace(CacheKind.LATENTS, name, out -> out.write(bytes));
        }
        return find(name).orElseGet(() -> copied(moments));
    }

    private HostTensor copied(HostTensor moments) {
        HostTensor copy = HostTensor.allocate(arena, shape);
        MemorySegment.copy(moments.data(), 0, copy.data(), 0, copy.data().byteSize());
        return copy;
    }
}
