package io.art2mus.pipeline;

import io.art2mus.audio.LogMel;
import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cpu.CpuBackend.Precision;
import io.art2mus.diffusion.Conditioning;
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
    private static final Checkpoint MINI = new Checkpoint(Path.of("../models/mini"));

    private final HandleScope scope = new HandleScope();
    private final int draws;
    private final ImageToMusic road;
    private final ImageBindAudio ear;
    private final List<Picture> pictures = new ArrayList<>();

    /** A sampler and its number of steps. */
    record Setting(SamplerKind sampler, int steps) {
        @Override
        public String toString() {
            return sampler + " " + steps;
        }
    }

    /** A picture, what it means to the T-UNet, and ImageBind's embedding of it. */
    private record Picture(Path file, Conditioning conditioning, HostTensor embedding) {}

    /**
     * Opens the encoders and conditions the T-UNet on every picture.
     *
     * @param names of pictures in the folder of samples
     * @param draws of noise for each picture, the same ones for all
     */
    SamplerStudy(List<String> names, int draws) {
        this.draws = draws;
        Arena arena = scope.own(Arena.ofConfined());
        Backend backend = scope.own(CpuBackend.open(THREADS, Precision.F32));
        EncoderRuntime runtime = scope.own(EncoderRuntime.open(THREADS));
        road = new ImageToMusic(backend, MINI, THREADS, Progress.SILENT);
        ear = scope.own(ImageBindAudio.open(runtime, MINI.imageBind()));
        Conditioner conditioner = new Conditioner(backend, MINI, THREADS, Progress.SILENT);
        try (ImageBindVision eye = ImageBindVision.open(runtime, MINI.imageBind())) {
            for (String name : names) {
                Path file = Path.of("../samples", name + ".png");
                Conditioning conditioning = conditioner.condition(wish(file, new Setting(SamplerKind.DDIM, 1)), arena);
                HostTensor embedding = eye.encode(arena, PictureFrontEnd.read(file, arena));
                pictures.add(new Picture(file, conditioning, embedding));
            }
        }
    }

    private Wish wish(Path picture, Setting setting) {
        return new Wish(
                picture,
                null,
                Wish.PUBLISHED_NEGATIVE_PROMPT,
                Variant.ART2MUS,
                Wish.TRAINED_SECONDS,
                SEED,
                setting.sampler(),
                setting.steps(),
                Wish.PUBLISHED_GUIDANCE,
                draws);
    }

    /** The sounds of a setting. */
    StudiedSounds sounds(Setting setting) {
        int calls = 0;
        List<float[]> spectrograms = new ArrayList<>();
        List<double[]> similarities = new ArrayList<>();
        for (Picture picture : pictures) {
            Wish wish = wish(picture.file(), setting);
            Sampler sampler = road.sampler(wish);
            SoundLength length = road.length(wish);
            calls = sampler.calls();
            try (Arena arena = Arena.ofConfined()) {
                HostTensor latents = road.denoise(wish, sampler, length, picture.conditioning(), arena);
                for (Sound sound : road.synthesise(road.decode(latents, arena), length, arena)) {
                    spectrograms.add(LogMel.of(sound, arena).data().toArray(ValueLayout.JAVA_FLOAT));
                    similarities.add(similarities(sound, arena));
                }
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
        return pictures.stream()
                .mapToDouble(picture -> cosine(heard, picture.embedding()))
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
