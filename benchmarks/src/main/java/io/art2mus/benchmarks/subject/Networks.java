package io.art2mus.benchmarks.subject;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.model.AutoencoderKl;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.Gpt2;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.HifiGan;
import io.art2mus.model.HifiGanConfig;
import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Part;
import io.art2mus.pipeline.SoundLength;
import io.art2mus.pipeline.Wish;
import io.art2mus.weights.OldAttentionNames;
import io.art2mus.weights.WeightNormFolding;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The networks that are graphs of this program, at the length the models were trained on: 10.24 s. */
final class Networks {
    /** FLAN-T5 tokens of the text; published counts of operations are for so many. */
    static final int TEXT_TOKENS = 12;

    /** {@code sos, eos, sos_1, eos_1} and CLAP's embedding stand beside FLAN-T5's states. */
    private static final int PROMPT_TOKENS = TEXT_TOKENS + 5;

    /** The negative prompt and the wish. */
    private static final int GUIDED_ROWS = 2;

    private Networks() {}

    static List<Subject> all() {
        return List.of(
                new Subject("t-unet", "a guided call of the T-UNet, 10.24 s of sound", Networks::tUnet),
                new Subject(
                        "t-unet-eager",
                        "the same, each kernel launched by itself",
                        Suits.GPU,
                        machine -> tUnet(machine).launchedOneByOne()),
                new Subject(
                        "t-unet-opening",
                        "the T-UNet opened up to its first call, and closed, by a process that did so before",
                        Opening::new),
                new Subject("vae-decoder", "latents to a log-mel spectrogram", Networks::vaeDecoder),
                new Subject("vocoder", "a log-mel spectrogram to a waveform", Networks::vocoder),
                new Subject("gpt2", "GPT-2's eight tokens for two prompts", Networks::gpt2));
    }

    /** Both graphs of a T-UNet whose weights stay open as long as {@code scope}. */
    static TUNet.Graphs tUnetGraphs(HandleScope scope, Checkpoint checkpoint) {
        return tUnetGraphs(checkpoint, weights(scope, checkpoint, "unet", null));
    }

    private static TUNet.Graphs tUnetGraphs(Checkpoint checkpoint, WeightTree weights) {
        TUNetConfig config = TUNetConfig.read(checkpoint.config("unet"));
        Gpt2Config gpt2 = Gpt2Config.read(checkpoint.config("language_model"));
        TUNet.Conditions conditions = new TUNet.Conditions(
                Shape.of(GUIDED_ROWS, gpt2.newTokens(), gpt2.width()),
                Shape.of(GUIDED_ROWS, TEXT_TOKENS, textWidth(checkpoint)),
                1);
        return TUNet.graphs(config, weights, latents(checkpoint), conditions);
    }

    /** Of FLAN-T5's states. */
    static int textWidth(Checkpoint checkpoint) {
        return checkpoint.config("text_encoder_2").integer("d_model", 1, 100_000);
    }

    /** Shape of one item's latents, {@code [1, H, W, C]}. */
    static Shape latents(Checkpoint checkpoint) {
        return length(checkpoint)
                .latents(AutoencoderKlConfig.read(checkpoint.config("vae")).latentChannels());
    }

    private static PlannedCall tUnet(Machine machine) {
        try (HandleScope opening = new HandleScope()) {
            Backend backend = opening.own(machine.open());
            WeightTree weights = weights(opening, machine, "unet");
            TUNet.Graphs graphs = tUnetGraphs(machine.checkpoint(), weights);
            Plan once = opening.own(backend.compile(graphs.once(), Map.of(), weights.identity()));
            once.run();
            Map<String, DeviceBuffer> hoisted = new HashMap<>();
            graphs.once().outputs().keySet().forEach(name -> hoisted.put(name, once.output(name)));
            return PlannedCall.of(opening.release(), backend, graphs.every(), hoisted, weights.identity())
                    .keeping("t5_bias", 0);
        }
    }

    /** A call opens the T-UNet. */
    private record Opening(Machine machine) implements Opened {
        @Override
        public void call() {
            tUnet(machine).close();
        }

        @Override
        public void close() {}
    }

    private static Opened vaeDecoder(Machine machine) {
        try (HandleScope opening = new HandleScope()) {
            Backend backend = opening.own(machine.open());
            Checkpoint checkpoint = machine.checkpoint();
            AutoencoderKlConfig config = AutoencoderKlConfig.read(checkpoint.config("vae"));
            OldAttentionNames weights = new OldAttentionNames(weights(opening, machine, "vae"));
            return PlannedCall.of(
                    opening.release(),
                    backend,
                    AutoencoderKl.decoder(config, weights, latents(checkpoint)),
                    weights.identity());
        }
    }

    private static Opened vocoder(Machine machine) {
        try (HandleScope opening = new HandleScope()) {
            Backend backend = opening.own(machine.open());
            Checkpoint checkpoint = machine.checkpoint();
            HifiGanConfig config = HifiGanConfig.read(checkpoint.config("vocoder"));
            AutoencoderKlConfig vae = AutoencoderKlConfig.read(checkpoint.config("vae"));
            Arena folded = opening.own(Arena.ofConfined());
            WeightNormFolding weights = new WeightNormFolding(weights(opening, machine, "vocoder"), folded);
            long frames = length(checkpoint).latentHeight() * vae.factor();
            return PlannedCall.of(
                    opening.release(),
                    backend,
                    HifiGan.graph(config, weights, Shape.of(1, frames, config.melBands())),
                    weights.identity());
        }
    }

    private static Opened gpt2(Machine machine) {
        try (HandleScope opening = new HandleScope()) {
            Backend backend = opening.own(machine.open());
            Checkpoint checkpoint = machine.checkpoint();
            Gpt2Config config = Gpt2Config.read(checkpoint.config("language_model"));
            WeightTree weights = weights(opening, machine, "language_model");
            GraphBuilder builder = GraphBuilder.create("language_model", weights);
            Shape prompt = Shape.of(1, PROMPT_TOKENS, config.width());
            Value refused = Gpt2.translate(config, builder, builder.input("negative prompt", prompt), null);
            Value asked = Gpt2.translate(config, builder, builder.input("prompt", prompt), null);
            builder.output("loa", builder.concat(0, List.of(refused, asked)));
            Graph graph = builder.build();
            return PlannedCall.of(opening.release(), backend, graph, weights.identity());
        }
    }

    private static SoundLength length(Checkpoint checkpoint) {
        return SoundLength.of(
                Wish.TRAINED_SECONDS,
                AutoencoderKlConfig.read(checkpoint.config("vae")),
                HifiGanConfig.read(checkpoint.config("vocoder")));
    }

    /** What is kept of them between runs is taken, as by those who generate. */
    static WeightTree weights(HandleScope scope, Machine machine, String part) {
        return weights(scope, machine.checkpoint(), part, machine.cache());
    }

    private static WeightTree weights(
            HandleScope scope, Checkpoint checkpoint, String part, @Nullable UserCache cache) {
        Part opened = scope.own(Part.open(checkpoint, part, cache));
        return opened.tree();
    }
}
