package io.art2mus.pipeline;

import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.Denoiser;
import io.art2mus.diffusion.Latents;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.diffusion.Sampler;
import io.art2mus.diffusion.TorchRandom;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.AutoencoderKl;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.HifiGan;
import io.art2mus.model.HifiGanConfig;
import io.art2mus.model.TUNetConfig;
import io.art2mus.pipeline.Progress.Stage;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;

/**
 * The road from a picture, a text or both to a waveform. Each line of {@link #generate} is one arrow; what a part needs is open while it runs
 * and closed before the next one starts.
 *
 * @see <a href="https://arxiv.org/abs/2410.04906">Rinaldi et al. 2024, Art2Mus</a>
 */
public final class ImageToMusic {
    private final Backend backend;
    private final Checkpoint checkpoint;
    private final Progress progress;
    private final Conditioner conditioner;
    private final AutoencoderKlConfig vae;
    private final HifiGanConfig vocoder;

    /**
     * A road through one checkpoint.
     *
     * @param backend for everything but the frozen encoders
     * @param threads for the frozen encoders
     * @param progress told of every stage
     */
    public ImageToMusic(Backend backend, Checkpoint checkpoint, int threads, Progress progress) {
        this.backend = backend;
        this.checkpoint = checkpoint;
        this.progress = progress;
        conditioner = new Conditioner(backend, checkpoint, threads, progress);
        vae = AutoencoderKlConfig.read(checkpoint.config("vae"));
        vocoder = HifiGanConfig.read(checkpoint.config("vocoder"));
    }

    /**
     * Turns a wish into a sound at the model's own level.
     *
     * @param arena owns the sound
     */
    public Sound generate(Wish wish, Arena arena) {
        try (Arena scratch = Arena.ofConfined()) {
            SoundLength length = length(wish);
            Conditioning conditioning = conditioner.condition(wish, scratch);
            HostTensor latents = denoise(wish, length, conditioning, scratch);
            HostTensor mel = decode(latents, scratch);
            return synthesise(mel, length, arena);
        }
    }

    /** How long the wish is in every representation. */
    SoundLength length(Wish wish) {
        return SoundLength.of(wish.seconds(), vae, vocoder);
    }

    /** Latents of unit scale, {@code [1, H, W, C]}. */
    HostTensor denoise(Wish wish, SoundLength length, Conditioning conditioning, Arena arena) {
        progress.begin(Stage.DENOISING);
        NoiseSchedule schedule = NoiseSchedule.from(checkpoint.scheduler());
        Sampler sampler = Sampler.of(wish.sampler(), schedule, wish.steps());
        TUNetConfig config = TUNetConfig.read(checkpoint.config("unet"));
        Shape shape = length.latents(config.inChannels());
        HostTensor latents =
                Latents.noise(arena, TorchRandom.seeded(wish.seed()), shape, sampler.initialNoiseSigma());
        try (WeightFile weights = checkpoint.weights("unet");
                Denoiser denoiser = new Denoiser(
                        backend, config, weights.tree(), shape, conditioning, sampler, wish.guidance())) {
            denoiser.denoise(latents, progress::denoised);
        }
        return latents;
    }

    /** Log-mel frames, {@code [1, frames, bands]}. */
    HostTensor decode(HostTensor latents, Arena arena) {
        progress.begin(Stage.MEL);
        try (WeightFile weights = checkpoint.weights("vae");
                Plan plan = backend.compile(AutoencoderKl.decoder(vae, weights.tree(), latents.shape()))) {
            plan.input("latents").upload(latents);
            plan.run();
            Shape picture = plan.output("mel").shape();
            HostTensor mel = HostTensor.allocate(arena, picture);
            plan.output("mel").download(mel);
            return mel.reshaped(Shape.of(1, picture.extent(1), picture.extent(2)));
        }
    }

    /** A waveform of the asked length. */
    Sound synthesise(HostTensor mel, SoundLength length, Arena arena) {
        progress.begin(Stage.WAVEFORM);
        try (WeightFile weights = checkpoint.weights("vocoder");
                Plan plan = backend.compile(HifiGan.graph(vocoder, weights.tree(), mel.shape()))) {
            plan.input("mel").upload(mel);
            plan.run();
            HostTensor waveform =
                    HostTensor.allocate(arena, plan.output("waveform").shape());
            plan.output("waveform").download(waveform);
            return new Sound(waveform.data(), vocoder.samplingRate()).slice(0, length.samples());
        }
    }
}
