package io.art2mus.data;

import io.art2mus.audio.SoundException;
import io.art2mus.backend.Backend;
import io.art2mus.data.DataListener.Stage;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.provenance.FileDigests;
import io.art2mus.provenance.ProvenanceException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The latents of music by its names. What no cache has is decoded on other threads while the backend encodes what was decoded before.
 */
final class MusicLatents implements AutoCloseable {
    /** Tracks that are decoded at the same time: enough for every processor, little enough for memory. */
    private static final int GROUP = 2 * Runtime.getRuntime().availableProcessors();

    private final DataSource source;
    private final DataListener listener;
    private final LatentEncoder encoder;
    private final LatentCache cache;
    private final FileDigests digests;
    private final Map<String, Latents> latents = new LinkedHashMap<>();
    private final Map<String, Skipped> skipped = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param backend encodes what is not in the cache
     * @param arena owner of the latents, shared by threads
     */
    MusicLatents(
            DataSource source,
            Checkpoint checkpoint,
            Backend backend,
            @Nullable UserCache cache,
            DataListener listener,
            Arena arena) {
        this.source = source;
        this.listener = listener;
        this.encoder = new LatentEncoder(backend, checkpoint, cache);
        this.cache = new LatentCache(cache, encoder.moments(), arena);
        this.digests = cache == null ? FileDigests.withoutCache() : FileDigests.remembering(cache);
    }

    /**
     * What is known of one track.
     *
     * @param name that it is kept under, which depends on everything that the moments depend on
     */
    record Latents(String name, HostTensor moments) {}

    /** Latents of each track. */
    Map<String, Latents> latents() {
        return latents;
    }

    /** What is wrong with the tracks that have none. */
    Map<String, Skipped> skipped() {
        return skipped;
    }

    /** What latents are multiplied by for the diffusion. */
    double scalingFactor() {
        return encoder.scalingFactor();
    }

    /** Finds or makes the latents of tracks. */
    void add(Collection<String> music) {
        List<String> names = List.copyOf(music);
        listener.prepared(Stage.MUSIC, 0, names.size());
        try (Arena room = Arena.ofShared();
                BackgroundLoader<Group> loader = BackgroundLoader.start(
                        "art2mus-music", List.of(new Group(room), new Group(room)), new Listening(names))) {
            int done = 0;
            for (Group group = loader.next(); group != null; group = loader.next()) {
                for (Heard heard : group.heard) {
                    take(heard);
                    done++;
                    listener.prepared(Stage.MUSIC, done, names.size());
                }
            }
        }
    }

    private void take(Heard heard) {
        switch (heard) {
            case Found(String music, Latents found) -> latents.put(music, found);
            case Decoded(String music, Path file, String name, HostTensor mel) -> {
                try (Arena scratch = Arena.ofConfined()) {
                    HostTensor moments = encoder.encode(mel, file, scratch);
                    latents.put(music, new Latents(name, cache.keep(name, moments)));
                }
            }
            case Refused(String music, Skipped refused) -> {
                skipped.put(music, refused);
                listener.skipped(refused);
            }
        }
    }

    /** What listening to a track came to. */
    private sealed interface Heard {}

    private record Found(String music, Latents latents) implements Heard {}

    private record Decoded(String music, Path file, String name, HostTensor mel) implements Heard {}

    private record Refused(String music, Skipped skipped) implements Heard {}

    /** Tracks that are listened to at the same time, with room for their spectrograms. */
    private static final class Group {
        private final List<HostTensor> room;
        private List<Heard> heard = List.of();

        Group(Arena arena) {
            room = Stream.generate(() -> HostTensor.allocate(arena, MusicClip.MEL))
                    .limit(GROUP)
                    .toList();
        }
    }

    /** Goes through the tracks, group by group. */
    private final class Listening implements BackgroundLoader.Loading<Group> {
        private final List<String> names;
        private int next;

        Listening(List<String> names) {
            this.names = names;
        }

        @Override
        public boolean load(Group group) {
            int first = next;
            next = Math.min(first + GROUP, names.size());
            group.heard = IntStream.range(first, next)
                    .parallel()
                    .mapToObj(i -> hear(names.get(i), group.room.get(i - first)))
                    .toList();
            return next > first;
        }
    }

    private Heard hear(String music, HostTensor room) {
        Path file = source.music(music);
        try {
            String name = UserCache.nameOf(String.join(
                    "\n",
                    "latents " + MusicClip.COMPUTATION,
                    digests.of(file).sha256(),
                    encoder.identity(),
                    "from " + source.clipStart() + " s on"));
            Optional<HostTensor> kept = cache.find(name);
            if (kept.isPresent()) {
                return new Found(music, new Latents(name, kept.get()));
            }
            try (Arena scratch = Arena.ofConfined()) {
                HostTensor mel = MusicClip.logMel(file, source.clipStart(), scratch);
                room.data().copyFrom(mel.data());
                return new Decoded(music, file, name, room);
            }
        } catch (SoundException | ProvenanceException unusable) {
            return new Refused(music, new Skipped(file, String.valueOf(unusable.getMessage())));
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
