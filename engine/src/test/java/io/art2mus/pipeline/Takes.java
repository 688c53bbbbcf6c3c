package io.art2mus.pipeline;

import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sounds of one wish, kept beyond the generation that made them. */
final class Takes implements TakeListener {
    private static final int THREADS = 2;

    private final Arena arena;
    private final List<Sound> kept = new ArrayList<>();

    private Takes(Arena arena) {
        this.arena = arena;
    }

    /** All candidates' sounds, owned by {@code arena}; whatever fails is thrown. */
    static List<Sound> of(Backend backend, Checkpoint checkpoint, Wish wish, @Nullable Path picture, Arena arena) {
        return of(backend, checkpoint, wish, picture == null ? List.of() : List.of(picture), arena);
    }

    /** All candidates' sounds of all pictures. */
    static List<Sound> of(Backend backend, Checkpoint checkpoint, Wish wish, List<Path> pictures, Arena arena) {
        Takes takes = new Takes(arena);
        new ImageToMusic(backend, checkpoint, THREADS, null, Progress.SILENT).generate(wish, pictures, takes);
        return takes.kept;
    }

    @Override
    public void made(Take take) {
        for (Sound sound : take.sounds()) {
            Sound copy = Sound.allocate(arena, sound.length(), sound.sampleRate());
            copy.samples().copyFrom(sound.samples());
            kept.add(copy);
        }
    }

    @Override
    public void failed(Path picture, RuntimeException failure) {
        throw failure;
    }
}
