package io.art2mus.pipeline;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.model.Gpt2;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TextProjection;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.util.List;

/** The language-of-audio tokens of an artwork and of a negative prompt: projections and GPT-2, both rows in one graph. */
final class LanguageOfAudio {
    private LanguageOfAudio() {}

    /**
     * Translates both rows.
     *
     * @param embedding the artwork's ImageBind embedding, {@code [1, width]}
     * @param variant name of the image projection layer
     * @return tokens {@code [2, 8, width]}, the negative prompt's first, owned by {@code arena}
     */
    static HostTensor translate(
            Backend backend,
            Checkpoint checkpoint,
            String variant,
            TextStates texts,
            HostTensor embedding,
            Arena arena) {
        try (WeightFile textProjection = checkpoint.weights("projection_model");
                WeightFile imageProjection = checkpoint.imageProjection(variant);
                WeightFile languageModel = checkpoint.weights("language_model")) {
            Gpt2Config config = Gpt2Config.read(checkpoint.config("language_model"));
            Graph graph = graph(config, textProjection, imageProjection, languageModel, texts, embedding);
            try (Plan plan = backend.compile(graph)) {
                HostTensor clap = texts.negativeClap();
                plan.input("clap").upload(clap.reshaped(Shape.of(1, 1, clap.shape().last())));
                plan.input("t5").upload(texts.negativeT5());
                plan.input("embedding").upload(embedding);
                plan.run();
                HostTensor tokens =
                        HostTensor.allocate(arena, plan.output("loa").shape());
                plan.output("loa").download(tokens);
                return tokens;
            }
        }
    }

    private static Graph graph(
            Gpt2Config config,
            WeightFile textProjection,
            WeightFile imageProjection,
            WeightFile languageModel,
            TextStates texts,
            HostTensor embedding) {
        GraphBuilder root = GraphBuilder.create("language_model", languageModel.tree());
        Value clap = root.input("clap", Shape.of(1, 1, texts.negativeClap().shape().last()));
        Value t5 = root.input("t5", texts.negativeT5().shape());
        Value negative = TextProjection.of(
                root.part("projection_model", textProjection.tree()), clap, t5, config.width());
        Value wish = layer(imageProjection, config)
                .of(
                        root.part("image_projection", imageProjection.tree()),
                        root.input("embedding", embedding.shape()),
                        config.width());
        root.output(
                "loa",
                root.concat(
                        0,
                        List.of(
                                Gpt2.translate(config, root, negative, null),
                                Gpt2.translate(config, root, wish, null))));
        return root.build();
    }

    /** Widths follow from the weights: the layer has no configuration. */
    private static ImageProjection layer(WeightFile weights, Gpt2Config config) {
        long hidden = weights.shapeOf("projection1.weight").extent(0);
        long out = weights.shapeOf("projection2.weight").extent(0);
        return new ImageProjection(hidden, Math.toIntExact(Math.max(1, out / config.width())));
    }
}
