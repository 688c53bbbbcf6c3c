package io.art2mus.pipeline;

import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.backend.Backend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.NonFiniteException;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.picture.PictureException;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.nvtx.Nvtx;
import io.art2mus.graph.HostTensor;
import io.art2mus.pipeline.Progress.Stage;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The road from pictures, a text or both to waveforms. Pictures go through the frozen encoders group by group and then one by one
 * through the rest, so that a part of the model is opened once a group or once in all, and encoders are closed before the T-UNet opens.
 *
 * @see <a href="https://arxiv.org/abs/2410.04906">Rinaldi et al. 2024, Art2Mus</a>
 */
public final class ImageToMusic {
    /** Pictures that go through the encoders together: the first sound does not wait for the last of a thousand pictures. */
    private static final int GROUP = 64;

    private final Backend backend;
    private final Checkpoint checkpoint;
    private final int threads;
    private final @Nullable UserCache cache;
    private final Progress progress;

    /**
     * A road through one checkpoint.
     *
     * @param backend for everything but the frozen encoders
     * @param threads for the frozen encoders
     * @param cache keeps pictures' embeddings and digests of weights; null keeps none
     * @param progress told of every stage
     */
    public ImageToMusic(
            Backend backend, Checkpoint checkpoint, int threads, @Nullable UserCache cache, Progress progress) {
        this.backend = backend;
        this.checkpoint = checkpoint;
        this.threads = threads;
        this.cache = cache;
        this.progress = Nvtx.ofProcess()
                .<Progress>map(ranges -> new ProgressList(List.of(progress, new StageRanges(ranges))))
                .orElse(progress);
        if (Nvtx.isProfiled() && Nvtx.status() instanceof LibraryStatus.Unavailable(String reason, String remedy)) {
            progress.warn("the profiler is not told of stages and operations: " + reason + "; " + remedy);
        }
    }

    /**
     * Turns each picture into sounds, or, by a wish of a variant that takes no picture, its text. What cannot be is refused before the
     * first part runs; what is wrong with one picture keeps none of the others back.
     *
     * @param pictures empty for text alone
     */
    public void generate(Wish wish, List<Path> pictures, TakeListener listener) {
        if (pictures.isEmpty() == wish.variant().takesPicture()) {
            throw new WishException(
                    "variant",
                    "is " + wish.variant() + (pictures.isEmpty() ? ", give a picture" : ", which takes no picture"));
        }
        try (Synthesiser synthesiser = new Synthesiser(backend, checkpoint, wish, cache, progress);
                EncoderRuntime runtime = EncoderRuntime.open(threads, backend.gpu(), progress::unused)) {
            if (pictures.isEmpty()) {
                synthesise(synthesiser, runtime, wish, List.of(new Subject(null, null)), listener);
            }
            for (int first = 0; first < pictures.size(); first += GROUP) {
                List<Path> group = pictures.subList(first, Math.min(first + GROUP, pictures.size()));
                try (Arena arena = Arena.ofConfined()) {
                    synthesise(synthesiser, runtime, wish, see(runtime, group, listener, arena), listener);
                }
            }
        }
    }

    /**
     * What a sound is made of, beside the wish.
     *
     * @param picture null for text alone
     * @param embedding ImageBind's of the picture, {@code [1, width]}
     */
    private record Subject(@Nullable Path picture, @Nullable HostTensor embedding) {}

    private List<Subject> see(EncoderRuntime runtime, List<Path> pictures, TakeListener listener, Arena arena) {
        progress.begin(Stage.IMAGE);
        List<Subject> seen = new ArrayList<>();
        try (PictureEncoder encoder = new PictureEncoder(runtime, checkpoint, cache)) {
            for (Path picture : pictures) {
                try {
                    seen.add(new Subject(picture, encoder.embed(picture, arena)));
                } catch (PictureException unusable) {
                    listener.failed(picture, unusable);
                }
            }
        }
        return seen;
    }

    private void synthesise(
            Synthesiser synthesiser, EncoderRuntime runtime, Wish wish, List<Subject> subjects, TakeListener listener) {
        try (Arena arena = Arena.ofConfined();
                SoundRanking ranking = new SoundRanking(runtime, checkpoint)) {
            List<Conditioning> conditionings = condition(runtime, wish, subjects, arena);
            for (int i = 0; i < subjects.size(); i++) {
                Subject subject = subjects.get(i);
                Path picture = subject.picture();
                try {
                    synthesise(synthesiser, ranking, subject, conditionings.get(i), listener);
                } catch (NonFiniteException | SoundException unusable) {
                    if (picture == null) {
                        throw unusable;
                    }
                    progress.end();
                    listener.failed(picture, unusable);
                }
            }
        }
    }

    private List<Conditioning> condition(EncoderRuntime runtime, Wish wish, List<Subject> subjects, Arena arena) {
        if (subjects.isEmpty()) {
            return List.of();
        }
        try (Conditioner conditioner = Conditioner.open(backend, runtime, checkpoint, wish, cache, progress)) {
            return subjects.stream()
                    .map(subject -> conditioner.condition(subject.embedding(), arena))
                    .toList();
        }
    }

    private void synthesise(
            Synthesiser synthesiser,
            SoundRanking ranking,
            Subject subject,
            Conditioning conditioning,
            TakeListener listener) {
        HostTensor embedding = subject.embedding();
        try (Arena arena = Arena.ofConfined()) {
            List<Sound> sounds = synthesiser.synthesise(conditioning, arena);
            List<Double> scores = List.of();
            if (embedding != null && sounds.size() > 1) {
                progress.begin(Stage.RANKING);
                scores = ranking.scores(embedding, sounds);
            }
            progress.end();
            listener.made(new Take(subject.picture(), sounds, scores));
        }
    }
}
