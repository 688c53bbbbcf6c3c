package io.art2mus.pipeline;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.model.Gpt2;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TextProjection;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Translates prompts into the language of audio: projections, then GPT-2. All rows stand in one graph and share its weights; its texts
 * are given when it is opened, a picture each time it runs.
 */
final class LanguageOfAudio implements AutoCloseable {
    /** Where FLAN-T5's states begin in a projected text: after {@code sos, clap, eos, sos_1}. */
    private static final int FIRST_T5_TOKEN = 4;

    private static final String PICTURE = "picture";

    private final HandleScope scope;
    private final List<Part> parts;
    private final Plan plan;
    private final boolean seesPicture;

    private LanguageOfAudio(HandleScope scope, List<Part> parts, Plan plan, boolean seesPicture) {
        this.scope = scope;
        this.parts = parts;
        this.plan = plan;
        this.seesPicture = seesPicture;
    }

    /** Opens the models and compiles the translation of {@code prompts}, of which one at most has a picture. */
    static LanguageOfAudio open(
            Backend backend,
            Checkpoint checkpoint,
            Variant variant,
            List<LoaPrompt> prompts,
            @Nullable UserCache cache,
            Progress progress) {
        try (HandleScope opening = new HandleScope();
                Arena scratch = Arena.ofConfined()) {
            Description description = new Description(opening, checkpoint, variant, cache, scratch);
            List<Value> rows = new ArrayList<>();
            for (LoaPrompt prompt : prompts) {
                rows.add(description.row("row " + rows.size(), prompt));
            }
            description.gpt2.output("loa", description.gpt2.concat(0, rows));
            List<Part> parts = List.copyOf(description.parts.values());
            parts.forEach(part -> part.reportUnused(progress));
            Plan plan = opening.own(backend.compile(description.gpt2.build(), Map.of(), identity(parts)));
            progress.compiled("language_model", plan.memory());
            description.texts.forEach((name, values) -> plan.input(name).upload(values));
            boolean seesPicture = prompts.stream().anyMatch(LoaPrompt::picture);
            return new LanguageOfAudio(opening.release(), parts, plan, seesPicture);
        }
    }

    /** All of the parts' identities, or none. */
    private static Optional<String> identity(List<Part> parts) {
        List<Optional<String>> known =
                parts.stream().map(part -> part.tree().identity()).toList();
        return known.stream().allMatch(Optional::isPresent)
                ? Optional.of(known.stream().flatMap(Optional::stream).collect(Collectors.joining(" ")))
                : Optional.empty();
    }

    /**
     * Translates the prompts.
     *
     * @param embedding the picture's, {@code [1, width]}, where one of the prompts has one; else null
     * @return {@code [prompts, 8, width]}, owned by {@code arena}
     */
    HostTensor translate(@Nullable HostTensor embedding, Arena arena) {
        parts.forEach(Part::requireUnchanged);
        if (embedding != null && seesPicture) {
            plan.input(PICTURE).upload(embedding);
        }
        plan.run();
        HostTensor loa = HostTensor.allocate(arena, plan.output("loa").shape());
        plan.output("loa").download(loa);
        return loa;
    }

    @Override
    public void close() {
        scope.close();
    }

    /** The graph while it is written down. */
    private static final class Description {
        private final HandleScope scope;
        private final Checkpoint checkpoint;
        private final Variant variant;
        private final @Nullable UserCache cache;
        private final Arena arena;
        private final Gpt2Config config;
        private final Map<String, Part> parts = new LinkedHashMap<>();
        private final Map<String, HostTensor> texts = new LinkedHashMap<>();
        private final GraphBuilder gpt2;

        Description(HandleScope scope, Checkpoint checkpoint, Variant variant, @Nullable UserCache cache, Arena arena) {
            this.scope = scope;
            this.checkpoint = checkpoint;
            this.variant = variant;
            this.cache = cache;
            this.arena = arena;
            config = Gpt2Config.read(checkpoint.config("language_model"));
            gpt2 = GraphBuilder.create("language_model", weights("language_model"));
        }

        /** The weights of a part, opened when they are first asked for. */
        private WeightTree weights(String part) {
            return opened(part).tree();
        }

        private Part opened(String part) {
            return parts.computeIfAbsent(part, absent -> scope.own(Part.open(checkpoint, absent, cache)));
        }

        Value row(String name, LoaPrompt prompt) {
            List<Value> sequences = new ArrayList<>();
            LoaPrompt.Words words = prompt.words();
            if (words != null) {
                sequences.add(text(name, words));
            }
            if (prompt.picture()) {
                sequences.add(picture());
            }
            Value sequence = sequences.size() == 1 ? sequences.getFirst() : gpt2.concat(1, sequences);
            return Gpt2.translate(config, gpt2, sequence, bias(name, words, sequence));
        }

        private Value text(String row, LoaPrompt.Words words) {
            HostTensor clap = words.clap();
            return TextProjection.of(
                    gpt2.part("projection_model", weights("projection_model")),
                    input(
                            row + " clap",
                            clap.reshaped(Shape.of(1, 1, clap.shape().last()))),
                    input(row + " t5", words.t5().states()),
                    config.width());
        }

        /** Widths follow from the weights: the layer has no configuration. */
        private Value picture() {
            Path file = checkpoint.imageProjection(variant);
            Part projection = scope.own(new Part(WeightFile.open(file), List.of(file), cache));
            parts.put("image_projection", projection);
            Shape first = projection.tree().shapeOf("projection1.weight", 2);
            Shape last = projection.tree().shapeOf("projection2.weight", 2);
            if (last.extent(0) != (long) variant.tokens() * config.width()) {
                throw new WeightsException(
                        "projection2.weight is " + last + ", which is no projection of " + variant + ": "
                                + variant.tokens() + " tokens of width " + config.width() + " are expected",
                        file,
                        "choose another variant or projection");
            }
            Value embedding = gpt2.input(PICTURE, Shape.of(1, first.last()));
            return new ImageProjection(first.extent(0), variant.tokens())
                    .of(gpt2.part("image_projection", projection.tree()), embedding, config.width());
        }

        /** Hides FLAN-T5's padding in the middle of the sequence; null where there is none. */
        private @Nullable Value bias(String row, LoaPrompt.@Nullable Words words, Value sequence) {
            if (words == null || !words.t5().isPadded()) {
                return null;
            }
            long length = sequence.shape().extent(1) + config.newTokens() - 1;
            HostTensor bias = HostTensor.allocate(arena, Shape.of(1, 1, length));
            for (int token = 0; token < words.t5().length(); token++) {
                bias.set(FIRST_T5_TOKEN + token, words.t5().bias().get(token));
            }
            return input(row + " bias", bias);
        }

        private Value input(String name, HostTensor values) {
            texts.put(name, values);
            return gpt2.input(name, values.shape());
        }
    }
}
