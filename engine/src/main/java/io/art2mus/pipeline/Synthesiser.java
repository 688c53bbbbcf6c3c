package io.art2mus.pipeline;

import io.art2mus.audio.Sound;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.Denoiser;
import io.art2mus.diffusion.Latents;
import io.art2mus.diffusion.Sampler;
import io.art2mus.diffusion.TorchRandom;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.AutoencoderKl;
import io.art2mus.model.HifiGan;
import io.art2mus.pipeline.Progress.Stage;
import io.art2mus.weights.OldAttentionNames;
import io.art2mus.weights.WeightNormFolding;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From noise to waveforms, for one wish and as many conditionings as there are pictures: T-UNet, autoencoder and vocoder, each compiled
 * when it is first needed and kept until this is closed.
 */
final class Synthesiser implements AutoCloseable {
    private final HandleScope scope = new HandleScope();
    private final Backend backend;
    private final Checkpoint checkpoint;
    private final Wish wish;
    private final @Nullable UserCache cache;
    private final Progress progress;
    private final Architecture networks;
    private final SoundLength length;
    private final Sampler sampler;
    private @Nullable Network<Denoiser> denoiser;
    private @Nullable Network<Plan> decoder;
    private @Nullable Network<Plan> vocoder;

    /** Opens no weights, but reads the configurations: what cannot be is refused here. */
    Synthesiser(Backend backend, Checkpoint checkpoint, Wish wish, @Nullable UserCache cache, Progress progress) {
        this.backend = backend;
        this.checkpoint = checkpoint;
        this.wish = wish;
        this.cache = cache;
        this.progress = progress;
        networks = Architecture.read(checkpoint);
        length = SoundLength.of(wish.seconds(), networks.vae(), networks.vocoder());
        sampler = checkpoint.sampler(wish);
    }

    /** What was compiled, and the weights it reads. */
    private record Network<C>(Part part, C compiled) {}

    /** Sounds at the model's own level, as many as the wish has candidates; owned by {@code arena}. */
    List<Sound> synthesise(Conditioning conditioning, Arena arena) {
        try (Arena scratch = Arena.ofConfined()) {
            HostTensor latents = denoise(conditioning, scratch);
            HostTensor mels = decode(latents, scratch);
            return vocode(mels, arena);
        }
    }

    /**
     * Latents of unit scale, {@code [candidates, H, W, C]}. The noise of all candidates is one draw, as in PyTorch; they are denoised
     * one by one, so that none can alter another.
     */
    HostTensor denoise(Conditioning conditioning, Arena arena) {
        progress.begin(Stage.PREPARATION);
        Network<Denoiser> unet = denoiser(conditioning);
        progress.begin(Stage.DENOISING);
        int candidates = wish.candidates();
        Shape shape = latent().with(0, candidates);
        HostTensor latents = Latents.noise(arena, TorchRandom.seeded(wish.seed()), shape, sampler.initialNoiseSigma());
        int calls = candidates * sampler.calls();
        for (int candidate = 0; candidate < candidates; candidate++) {
            unet.part().requireUnchanged();
            int before = candidate * sampler.calls();
            unet.compiled().denoise(latents.rows(candidate, 1), (done, all) -> progress.denoised(before + done, calls));
        }
        return latents;
    }

    private Shape latent() {
        return length.latents(networks.unet().latentChannels());
    }

    private Network<Denoiser> denoiser(Conditioning conditioning) {
        Network<Denoiser> unet = denoiser;
        if (unet == null) {
            Part part = scope.own(Part.open(checkpoint, "unet", cache));
            Denoiser compiled = scope.own(new Denoiser(
                    backend, networks.unet(), part.tree(), latent(), conditioning, sampler, wish.guidance()));
            part.reportUnused(progress);
            progress.compiled("unet", compiled.memory());
            unet = new Network<>(part, compiled);
            denoiser = unet;
        } else {
            unet.part().requireUnchanged();
            unet.compiled().condition(conditioning);
        }
        return unet;
    }

    /** Log-mel frames, {@code [candidates, frames, bands]}. */
    HostTensor decode(HostTensor latents, Arena arena) {
        progress.begin(Stage.MEL);
        Network<Plan> autoencoder = decoder(latents.shape().with(0, 1));
        HostTensor mels = each(autoencoder, "latents", latents, "mel", arena);
        Shape shape = mels.shape();
        return mels.reshaped(Shape.of(shape.extent(0), shape.extent(1), shape.extent(2)));
    }

    private Network<Plan> decoder(Shape latent) {
        Network<Plan> autoencoder = decoder;
        if (autoencoder == null) {
            Part part = scope.own(Part.open(checkpoint, "vae", cache));
            OldAttentionNames weights = new OldAttentionNames(part.tree());
            Plan plan = scope.own(backend.compile(
                    AutoencoderKl.decoder(networks.vae(), weights, latent), Map.of(), weights.identity()));
            part.reportUnused(progress);
            progress.compiled("vae", plan.memory());
            autoencoder = new Network<>(part, plan);
            decoder = autoencoder;
        }
        return autoencoder;
    }

    /** Waveforms of the asked length. */
    List<Sound> vocode(HostTensor mels, Arena arena) {
        progress.begin(Stage.WAVEFORM);
        Network<Plan> hifiGan = vocoder(mels.shape().with(0, 1));
        HostTensor waveforms = each(hifiGan, "mel", mels, "waveform", arena);
        List<Sound> sounds = new ArrayList<>();
        for (long candidate = 0; candidate < mels.shape().extent(0); candidate++) {
            HostTensor waveform = waveforms.rows(candidate, 1);
            sounds.add(new Sound(waveform.data(), networks.vocoder().samplingRate()).slice(0, length.samples()));
        }
        return sounds;
    }

    private Network<Plan> vocoder(Shape mel) {
        Network<Plan> hifiGan = vocoder;
        if (hifiGan == null) {
            Part part = scope.own(Part.open(checkpoint, "vocoder", cache));
            Arena folded = scope.own(Arena.ofConfined());
            WeightNormFolding weights = new WeightNormFolding(part.tree(), folded);
            Plan plan = scope.own(
                    backend.compile(HifiGan.graph(networks.vocoder(), weights, mel), Map.of(), weights.identity()));
            part.reportUnused(progress);
            progress.compiled("vocoder", plan.memory());
            hifiGan = new Network<>(part, plan);
            vocoder = hifiGan;
        }
        return hifiGan;
    }

    /** Runs a network of one input row and one output row on each row. */
    private static HostTensor each(Network<Plan> network, String input, HostTensor rows, String output, Arena arena) {
        long count = rows.shape().extent(0);
        Plan plan = network.compiled();
        HostTensor results =
                HostTensor.allocate(arena, plan.output(output).shape().with(0, count));
        for (long row = 0; row < count; row++) {
            network.part().requireUnchanged();
            plan.input(input).upload(rows.rows(row, 1));
            plan.run();
            plan.output(output).download(results.rows(row, 1));
        }
        return results;
    }

    @Override
    public void close() {
        scope.close();
    }
}
