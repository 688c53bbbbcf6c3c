package io.art2mus.pipeline;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.ffi.HandleScope;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Translates prompts into the language of audio: projections, then GPT-2. All rows stand in one graph and share its weights. */
final class LanguageOfAudio {
    /** Where FLAN-T5's states begin in a projected text: after {@code sos, clap, eos, sos_1}. */
    private static final int FIRST_T5_TOKEN = 4;

    private final HandleScope scope;
    private final Checkpoint checkpoint;
    private final Variant variant;
    private final Gpt2Config config;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final GraphBuilder gpt2;
    private final Map<String, HostTensor> inputs = new LinkedHashMap<>();

    /** {@code scope} will own the open parts. */
    private LanguageOfAudio(HandleScope scope, Checkpoint checkpoint, Variant variant) {
        this.scope = scope;
        this.checkpoint = checkpoint;
        this.variant = variant;
        config = Gpt2Config.read(checkpoint.config("language_model"));
        gpt2 = GraphBuilder.create(
                "language_model", part("language_model", checkpoint::weights).tree());
    }

    /**
     * Translates each prompt.
     *
     * @return {@code [prompts, 8, width]}, owned by {@code arena}
     */
    static HostTensor translate(
            Backend backend,
            Checkpoint checkpoint,
            Variant variant,
            List<LoaPrompt> prompts,
            Progress progress,
            Arena arena) {
        try (HandleScope scope = new HandleScope();
                Arena scratch = Arena.ofConfined()) {
            LanguageOfAudio road = new LanguageOfAudio(scope, checkpoint, variant);
            List<Value> rows = new ArrayList<>();
            for (LoaPrompt prompt : prompts) {
                rows.add(road.row("row " + rows.size(), prompt, scratch));
            }
            road.gpt2.output("loa", road.gpt2.concat(0, rows));
            road.parts.values().forEach(part -> part.reportUnused(progress));
            return road.run(backend, arena);
        }
    }

    /** The part of this name, opened when it is first asked for. */
    private Part part(String name, Function<String, WeightFile> open) {
        return parts.computeIfAbsent(name, absent -> scope.own(new Part(open.apply(absent))));
    }

    private Value row(String name, LoaPrompt prompt, Arena arena) {
        List<Value> parts = new ArrayList<>();
        LoaPrompt.Words words = prompt.words();
        if (words != null) {
            parts.add(text(name, words));
        }
        HostTensor embedding = prompt.embedding();
        if (embedding != null) {
            parts.add(picture(name, embedding));
        }
        Value sequence = parts.size() == 1 ? parts.getFirst() : gpt2.concat(1, parts);
        return Gpt2.translate(config, gpt2, sequence, bias(name, words, sequence, arena));
    }

    private Value text(String name, LoaPrompt.Words words) {
        Part projection = part("projection_model", checkpoint::weights);
        HostTensor clap = words.clap();
        return TextProjection.of(
                gpt2.part("projection_model", projection.tree()),
                input(name + " clap", clap.reshaped(Shape.of(1, 1, clap.shape().last()))),
                input(name + " t5", words.t5().states()),
                config.width());
    }

    private Value picture(String row, HostTensor embedding) {
        Part projection = part("image_projection", name -> checkpoint.imageProjection(variant));
        // Widths follow from the weights: the layer has no configuration.
        long hidden = projection.tree().shapeOf("projection1.weight", 2).extent(0);
        long out = projection.tree().shapeOf("projection2.weight", 2).extent(0);
        ImageProjection layer = new ImageProjection(hidden, Math.toIntExact(Math.max(1, out / config.width())));
        return layer.of(
                gpt2.part("image_projection", projection.tree()), input(row + " embedding", embedding), config.width());
    }

    /** Hides FLAN-T5's padding in the middle of the sequence; null where there is none. */
    private @Nullable Value bias(String name, LoaPrompt.@Nullable Words words, Value sequence, Arena arena) {
        if (words == null || !words.t5().isPadded()) {
            return null;
        }
        long length = sequence.shape().extent(1) + config.newTokens() - 1;
        HostTensor bias = HostTensor.allocate(arena, Shape.of(1, 1, length));
        for (int token = 0; token < words.t5().length(); token++) {
            bias.set(FIRST_T5_TOKEN + token, words.t5().bias().get(token));
        }
        return input(name + " bias", bias);
    }

    private Value input(String name, HostTensor values) {
        inputs.put(name, values);
        return gpt2.input(name, values.shape());
    }

    private HostTensor run(Backend backend, Arena arena) {
        try (Plan plan = backend.compile(gpt2.build())) {
            inputs.forEach((name, values) -> plan.input(name).upload(values));
            parts.values().forEach(Part::requireUnchanged);
            plan.run();
            HostTensor loa = HostTensor.allocate(arena, plan.output("loa").shape());
            plan.output("loa").download(loa);
            return loa;
        }
    }
}
