package io.art2mus.pipeline;

import io.art2mus.Golden;
import io.art2mus.audio.LogMel;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.diffusion.Sampler;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.ImageBindAudio;
import io.art2mus.encoder.ImageBindVision;
import io.art2mus.encoder.audio.AudioFrontEnd;
import io.art2mus.encoder.picture.PictureFrontEnd;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What samplers make of the same pictures and the same noise, with the checkpoint that ships. */
final class SamplerStudy implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long SEED = 0;
    private static final Checkpoint MINI = new Checkpoint(Golden.mini());

    private final HandleScope scope = new HandleScope();
    private final int draws;
    private final Backend backend;
    private final ImageBindAudio ear;
    private final List<Path> pictures;
    private final List<HostTensor> embeddings = new ArrayList<>();

    /** A sampler and its number of steps. */
    record Setting(SamplerKind sampler, int steps) {
        @Override
        public String toString() {
            return sampler + " " + steps;
        }
    }

    /**
     * Opens ImageBind's towers and sees every picture.
     *
     * @param names of pictures in the folder of samples
     * @param draws of noise for each picture, the same ones for all
     */
    SamplerStudy(List<String> names, int draws) {
        this.draws = draws;
        pictures = names.stream().map(name -> Golden.sample(name + ".png")).toList();
        Arena arena = scope.own(Arena.ofConfined());
        backend = scope.own(CpuBackend.open(THREADS, Precision.F32));
        EncoderRuntime runtime = scope.own(EncoderRuntime.open(THREADS));
        ear = scope.own(ImageBindAudio.open(runtime, MINI.imageBind()));
        try (ImageBindVision eye = ImageBindVision.open(runtime, MINI.imageBind())) {
            for (Path picture : pictures) {
                embeddings.add(eye.encode(arena, PictureFrontEnd.read(picture, arena)));
            }
        }
    }

    /** The sounds of a setting. */
    StudiedSounds sounds(Setting setting) {
        Wish wish = new Wish(
                null,
                Wish.PUBLISHED_NEGATIVE_PROMPT,
                Variant.ART2MUS,
                Wish.TRAINED_SECONDS,
                SEED,
                setting.sampler(),
                setting.steps(),
                Wish.PUBLISHED_GUIDANCE,
                draws);
        NoiseSchedule schedule = NoiseSchedule.from(MINI.scheduler());
        int calls = Sampler.of(setting.sampler(), schedule, setting.steps()).calls();
        List<float[]> spectrograms = new ArrayList<>();
        List<double[]> similarities = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (Sound sound : Takes.of(backend, MINI, wish, pictures, arena)) {
                spectrograms.add(LogMel.of(sound, arena).data().toArray(ValueLayout.JAVA_FLOAT));
                similarities.add(similarities(sound, arena));
            }
        }
        return new StudiedSounds(draws, calls, spectrograms, similarities);
    }

    /** Cosines between a sound and every picture. */
    private double[] similarities(Sound sound, Arena arena) {
        HostTensor clips = AudioFrontEnd.clips(sound, arena);
        Shape batch = Shape.of(
                1,
                clips.shape().extent(0),
                1,
                clips.shape().extent(2),
                clips.shape().last());
        HostTensor heard = ear.encode(arena, clips.reshaped(batch));
        return embeddings.stream()
                .mapToDouble(picture -> cosine(heard, picture))
                .toArray();
    }

    private static double cosine(HostTensor first, HostTensor second) {
        return product(first, second) / Math.sqrt(product(first, first) * product(second, second));
    }

    private static double product(HostTensor first, HostTensor second) {
        double sum = 0;
        for (long i = 0; i < first.shape().elements(); i++) {
            sum += (double) first.get(i) * second.get(i);
        }
        return sum;
    }

    @Override
    public void close() {
        scope.close();
    }
}
