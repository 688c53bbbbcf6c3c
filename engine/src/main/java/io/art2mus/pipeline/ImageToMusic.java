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
import io.art2mus.model.HifiGan;
import io.art2mus.model.TUNetConfig;
import io.art2mus.pipeline.Progress.Stage;
import io.art2mus.weights.OldAttentionNames;
import io.art2mus.weights.WeightNormFolding;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

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
    private final Architecture networks;

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
        networks = Architecture.read(checkpoint);
    }

    /**
     * Turns a wish into sounds at the model's own level, as many as it has candidates. What cannot be is refused before the first
     * part runs.
     *
     * @param arena owns the sounds
     */
    public List<Sound> generate(Wish wish, Arena arena) {
        try (Arena scratch = Arena.ofConfined()) {
            SoundLength length = length(wish);
            Sampler sampler = sampler(wish);
            Conditioning conditioning = conditioner.condition(wish, scratch);
            HostTensor latents = denoise(wish, sampler, length, conditioning, scratch);
            HostTensor mels = decode(latents, scratch);
            return synthesise(mels, length, arena);
        }
    }

    /** How long the wish is in every representation. */
    SoundLength length(Wish wish) {
        return SoundLength.of(wish.seconds(), networks.vae(), networks.vocoder());
    }

    /** How the wish is denoised. */
    Sampler sampler(Wish wish) {
        return Sampler.of(wish.sampler(), NoiseSchedule.from(checkpoint.scheduler()), wish.steps());
    }

    /**
     * Latents of unit scale, {@code [candidates, H, W, C]}. The noise of all candidates is one draw, as in PyTorch; they are denoised
     * one by one, so that none can alter another.
     */
    HostTensor denoise(Wish wish, Sampler sampler, SoundLength length, Conditioning conditioning, Arena arena) {
        progress.begin(Stage.DENOISING);
        TUNetConfig config = networks.unet();
        Shape one = length.latents(config.latentChannels());
        int candidates = wish.candidates();
        HostTensor latents = Latents.noise(
                arena, TorchRandom.seeded(wish.seed()), one.with(0, candidates), sampler.initialNoiseSigma());
        int calls = candidates * sampler.calls();
        try (Part unet = new Part(checkpoint.weights("unet"));
                Denoiser denoiser =
                        new Denoiser(backend, config, unet.tree(), one, conditioning, sampler, wish.guidance())) {
            unet.reportUnused(progress);
            for (int candidate = 0; candidate < candidates; candidate++) {
                unet.requireUnchanged();
                int before = candidate * sampler.calls();
                denoiser.denoise(latents.rows(candidate, 1), (done, all) -> progress.denoised(before + done, calls));
            }
        }
        return latents;
    }

    /** Log-mel frames, {@code [candidates, frames, bands]}. */
    HostTensor decode(HostTensor latents, Arena arena) {
        progress.begin(Stage.MEL);
        long candidates = latents.shape().extent(0);
        try (Part part = new Part(checkpoint.weights("vae"));
                Plan plan = backend.compile(AutoencoderKl.decoder(
                        networks.vae(),
                        new OldAttentionNames(part.tree()),
                        latents.shape().with(0, 1)))) {
            part.reportUnused(progress);
            Shape picture = plan.output("mel").shape();
            HostTensor mels = HostTensor.allocate(arena, picture.with(0, candidates));
            for (long candidate = 0; candidate < candidates; candidate++) {
                part.requireUnchanged();
                plan.input("latents").upload(latents.rows(candidate, 1));
                plan.run();
                plan.output("mel").download(mels.rows(candidate, 1));
            }
            return mels.reshaped(Shape.of(candidates, picture.extent(1), picture.extent(2)));
        }
    }

    /** Waveforms of the asked length. */
    List<Sound> synthesise(HostTensor mels, SoundLength length, Arena arena) {
        progress.begin(Stage.WAVEFORM);
        List<Sound> sounds = new ArrayList<>();
        try (Arena folded = Arena.ofConfined();
                Part part = new Part(checkpoint.weights("vocoder"));
                Plan plan = backend.compile(HifiGan.graph(
                        networks.vocoder(),
                        new WeightNormFolding(part.tree(), folded),
                        mels.shape().with(0, 1)))) {
            part.reportUnused(progress);
            for (long candidate = 0; candidate < mels.shape().extent(0); candidate++) {
                part.requireUnchanged();
                plan.input("mel").upload(mels.rows(candidate, 1));
                plan.run();
                HostTensor waveform =
                        HostTensor.allocate(arena, plan.output("waveform").shape());
                plan.output("waveform").download(waveform);
                sounds.add(new Sound(waveform.data(), networks.vocoder().samplingRate()).slice(0, length.samples()));
            }
        }
        return sounds;
    }
}
