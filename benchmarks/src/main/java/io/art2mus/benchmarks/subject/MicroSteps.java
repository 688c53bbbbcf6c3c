package io.art2mus.benchmarks.subject;

import io.art2mus.backend.Backend;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Shape;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TUNetConfig;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Variant;
import io.art2mus.train.InitialProjection;
import io.art2mus.train.MicroStep;
import io.art2mus.train.TrainingState;
import io.art2mus.weights.WeightTree;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A training's micro-step of one item: forward through projection, GPT-2 and T-UNet to the loss of the guided prediction, and back to the
 * projection's gradients. A call uploads what is new in each micro-batch, and downloads losses and gradients.
 */
final class MicroSteps {
    private static final int ITEMS = 1;

    /** Of ImageBind's embedding of a picture. */
    private static final long EMBEDDING = 1024;

    private static final OptionalDouble GUIDANCE = OptionalDouble.of(3.5);

    private MicroSteps() {}

    static List<Subject> all() {
        return List.of(
                new Subject(
                        "micro-step",
                        "a training's loss and gradients of one item, guidance in the loss",
                        machine -> open(machine, false)),
                new Subject(
                        "micro-step-recompute",
                        "the same where blocks are computed again on the way back",
                        machine -> open(machine, true)));
    }

    private static Opened open(Machine machine, boolean recompute) {
        try (HandleScope opening = new HandleScope()) {
            Backend backend = opening.own(machine.open());
            Checkpoint checkpoint = machine.checkpoint();
            WeightTree unet = Networks.weights(opening, machine, "unet");
            WeightTree gpt2 = Networks.weights(opening, machine, "language_model");
            TUNetConfig config = TUNetConfig.read(checkpoint.config("unet"));
            Gpt2Config translator = Gpt2Config.read(checkpoint.config("language_model"));
            InitialProjection.Widths widths = InitialProjection.Widths.of(checkpoint, Variant.ART2MUS, EMBEDDING);
            TrainingState state = opening.own(InitialProjection.fresh(widths, 0));
            MicroStep.Sizes sizes = new MicroStep.Sizes(
                    ITEMS,
                    EMBEDDING,
                    new ImageProjection(widths.hidden(), Variant.ART2MUS.tokens()),
                    Networks.latents(checkpoint),
                    Shape.of(1, Networks.TEXT_TOKENS, Networks.textWidth(checkpoint)));
            Graph graph = MicroStep.graph(
                    new MicroStep.Networks(config, unet, translator, gpt2),
                    sizes,
                    new MicroStep.Options(GUIDANCE, recompute, false));
            Optional<String> identity =
                    unet.identity().flatMap(a -> gpt2.identity().map(b -> a + "\n" + b));
            PlannedCall call = PlannedCall.of(opening.release(), backend, graph, identity)
                    .keeping("t5_bias", 0)
                    .keeping("negative_t5_bias", 0);
            state.weights().byName().forEach(call::keeping);
            return call;
        }
    }
}
