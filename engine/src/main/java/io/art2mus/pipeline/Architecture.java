package io.art2mus.pipeline;

import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.HifiGanConfig;
import io.art2mus.model.TUNetConfig;
import io.art2mus.weights.ModelConfig;

/** The networks between conditioning and waveform as their configurations describe them, found to fit each other. */
record Architecture(TUNetConfig unet, AutoencoderKlConfig vae, HifiGanConfig vocoder) {
    /** Reads three files; a {@code WeightsException} names the file and the key that this program cannot follow. */
    static Architecture read(Checkpoint checkpoint) {
        ModelConfig unetFile = checkpoint.config("unet");
        ModelConfig vocoderFile = checkpoint.config("vocoder");
        TUNetConfig unet = TUNetConfig.read(unetFile);
        AutoencoderKlConfig vae = AutoencoderKlConfig.read(checkpoint.config("vae"));
        HifiGanConfig vocoder = HifiGanConfig.read(vocoderFile);
        if (unet.latentChannels() != vae.latentChannels()) {
            throw unetFile.refused("in_channels is " + unet.latentChannels() + ", the autoencoder's latent_channels "
                    + vae.latentChannels());
        }
        if (vocoder.melBands() % vae.factor() != 0) {
            throw vocoderFile.refused("model_in_dim is " + vocoder.melBands()
                    + ", which the autoencoder cannot make of latents: it multiplies by " + vae.factor());
        }
        return new Architecture(unet, vae, vocoder);
    }
}
