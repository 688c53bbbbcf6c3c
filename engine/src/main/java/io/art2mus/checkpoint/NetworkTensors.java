package io.art2mus.checkpoint;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.model.AutoencoderKl;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.Gpt2;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.HifiGan;
import io.art2mus.model.HifiGanConfig;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import io.art2mus.model.TextProjection;
import io.art2mus.weights.ModelConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Parameters of the networks that stand as graphs: what these ask for, and the few that only the libraries know. */
final class NetworkTensors {
    private static final int MOST = 1 << 20;
    /** The first transformers of a row attend to the language of audio, later ones to FLAN-T5's states. */
    private static final int LOA_TRANSFORMERS = 2;

    private NetworkTensors() {}

    /** The T-UNet of {@code unet/config.json}. */
    static List<NewTensor> unet(ModelConfig file) {
        TUNetConfig config = TUNetConfig.read(file);
        List<OptionalInt> widths =
                file.optionalIntegerLists("cross_attention_dim", 1, MOST).getFirst();
        long side = 1L << config.levels().size();
        TUNet.Conditions conditions = new TUNet.Conditions(
                Shape.of(1, 1, width(widths.stream().limit(LOA_TRANSFORMERS))),
                Shape.of(1, 1, width(widths.stream().skip(LOA_TRANSFORMERS))),
                1);
        return RecordedTensors.of(
                source -> TUNet.graphs(config, source, Shape.of(1, side, side, config.latentChannels()), conditions));
    }

    /** The width that the transformers attend to, or any where none attends. */
    private static int width(Stream<OptionalInt> transformers) {
        return transformers.flatMapToInt(OptionalInt::stream).findFirst().orElse(1);
    }

    /** Both halves of the autoencoder of {@code vae/config.json}. */
    static List<NewTensor> vae(ModelConfig file) {
        AutoencoderKlConfig config = AutoencoderKlConfig.read(file);
        long side = config.factor();
        return RecordedTensors.of(source -> {
            AutoencoderKl.encoder(config, source, Shape.of(1, side, side, config.outChannels()));
            AutoencoderKl.decoder(config, source, Shape.of(1, 1, 1, config.latentChannels()));
        });
    }

    /** The vocoder of {@code vocoder/config.json}, without weight normalisation. */
    static List<NewTensor> vocoder(ModelConfig file) {
        HifiGanConfig config = HifiGanConfig.read(file);
        List<NewTensor> asked =
                RecordedTensors.of(source -> HifiGan.graph(config, source, Shape.of(1, 1, config.melBands())));
        Shape bands = Shape.of(config.melBands());
        return with(
                asked,
                new NewTensor("mean", bands, Filling.constant(0)),
                new NewTensor("scale", bands, Filling.constant(1)));
    }

    /** GPT-2 of {@code language_model/config.json}; its words are never looked at. */
    static List<NewTensor> languageModel(ModelConfig file) {
        Gpt2Config config = Gpt2Config.read(file);
        List<NewTensor> asked = RecordedTensors.of(source -> {
            GraphBuilder gpt2 = GraphBuilder.create("language_model", source);
            Gpt2.translate(config, gpt2, gpt2.input("prompt", Shape.of(1, 1, config.width())), null);
        });
        return with(asked, NewTensor.of("wte.weight", file.integer("vocab_size", 1, MOST), config.width()));
    }

    /** The text projection of {@code projection_model/config.json}. */
    static List<NewTensor> textProjection(ModelConfig file) {
        int clap = file.integer("text_encoder_dim", 1, MOST);
        int t5 = file.integer("text_encoder_1_dim", 1, MOST);
        int width = file.integer("langauge_model_dim", 1, MOST);
        return RecordedTensors.of(source -> {
            GraphBuilder projection = GraphBuilder.create("projection_model", source);
            TextProjection.of(
                    projection,
                    projection.input("clap", Shape.of(1, 1, clap)),
                    projection.input("t5", Shape.of(1, 1, t5)),
                    width);
        });
    }

    /** An image projection between ImageBind and GPT-2 of {@code language_model/config.json}. */
    static List<NewTensor> imageProjection(Preset preset, int tokens) {
        int width = Gpt2Config.read(preset.config("language_model/config.json")).width();
        return RecordedTensors.of(source -> {
            GraphBuilder projection = GraphBuilder.create("image_projection", source);
            new ImageProjection(preset.projectionWidth(), tokens)
                    .of(
                            projection,
                            projection.input(
                                    "embedding", Shape.of(1, preset.imageBind().embedding())),
                            width);
        });
    }

    private static List<NewTensor> with(List<NewTensor> asked, NewTensor... others) {
        return Stream.concat(asked.stream(), Stream.of(others)).toList();
    }
}
