package io.art2mus.train;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.Device;
import io.art2mus.model.GoldenFile;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.Run;
import io.art2mus.model.TUNetConfig;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.SafetensorsFile;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Prediction, loss and every gradient of a micro-batch against PyTorch, on the small random checkpoint. A test extends this and names its
 * devices.
 */
abstract class MicroStepGoldenContract {
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");
    private static final int BATCH = 2;
    private static final int STEPS = 3;
    private static final int TIME_CHANNELS = 8;

    /**
     * What PyTorch was asked for.
     *
     * @param gamma of the min-SNR weights; infinite where there are none
     * @param velocity whether the target is the velocity, not the noise
     */
    record Training(String file, int tokens, OptionalDouble guidance, double gamma, boolean velocity) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Training> trainings() {
        return Stream.of(
                new Training("train_art2mus_mse", 1, OptionalDouble.empty(), Double.POSITIVE_INFINITY, false),
                new Training("train_art2mus_snr_cfg", 1, OptionalDouble.of(3.5), 5, false),
                new Training("train_art2mus_4_snr_cfg", 4, OptionalDouble.of(3.5), 5, false),
                new Training("train_v_art2mus_snr", 1, OptionalDouble.empty(), 5, true));
    }

    static void equalsPyTorch(Training training, Device device, boolean recompute) {
        try (Arena arena = Arena.ofConfined();
                WeightFile unet = WeightFile.openPart(CHECKPOINT.resolve("unet"));
                WeightFile gpt2 = WeightFile.openPart(CHECKPOINT.resolve("language_model"));
                Backend backend = device.open()) {
            MicroStep.Networks networks = new MicroStep.Networks(
                    TUNetConfig.read(config("unet/config.json")),
                    unet.tree(),
                    Gpt2Config.read(config("language_model/config.json")),
                    gpt2.tree());
            GoldenFile golden = GoldenFile.small(training.file(), arena);
            GoldenFile texts = GoldenFile.small("generate_image", arena);
            Shape latents = golden.channelsLast(golden.row("step0.noisy", 0)).shape();
            ImageProjection projection = new ImageProjection(
                    golden.tensor("initial.projection1.bias").shape().extent(0), training.tokens());
            MicroStep.Sizes sizes = new MicroStep.Sizes(
                    BATCH,
                    golden.tensor("step0.embedding").shape().last(),
                    projection,
                    latents,
                    texts.row("t5_states", 1).shape());
            Graph graph = MicroStep.graph(networks, sizes, new MicroStep.Options(training.guidance(), recompute, true));
            try (Plan plan = backend.compile(graph)) {
                for (int step = 0; step < STEPS; step++) {
                    Map<String, HostTensor> inputs = inputs(training, golden, texts, step, device);
                    compare(training, golden, step, Run.of(arena, plan, graph, inputs), device);
                }
            }
        }
    }

    private static Map<String, HostTensor> inputs(
            Training training, GoldenFile golden, GoldenFile texts, int step, Device device) {
        String at = "step" + step + ".";
        double[] timesteps = timesteps(golden, at);
        Map<String, HostTensor> inputs = new HashMap<>();
        inputs.put("embedding", golden.tensor(at + "embedding"));
        inputs.put("latents", golden.channelsLast(golden.tensor(at + "noisy")));
        inputs.put("target", golden.channelsLast(golden.tensor(at + (training.velocity() ? "target" : "noise"))));
        inputs.put("sinusoid", SinusoidalEmbedding.of(golden.arena(), timesteps, TIME_CHANNELS));
        inputs.put("loss_weights", times(device.lossScale(), weights(training, timesteps, golden.arena())));
        inputs.put("t5", texts.row("t5_states", 1));
        inputs.put("t5_bias", texts.bias("t5_mask", 1, 0));
        if (training.guidance().isPresent()) {
            inputs.put("negative_loa", texts.row("loa", 0));
            inputs.put("negative_t5", texts.row("t5_states", 0));
            inputs.put("negative_t5_bias", texts.bias("t5_mask", 0, 0));
        }
        String parameters = step == 0 ? "initial." : "step" + (step - 1) + ".after.";
        for (String name : MicroStep.PARAMETERS) {
            inputs.put(name, golden.tensor(parameters + inProjection(name)));
        }
        return inputs;
    }

    private static double[] timesteps(GoldenFile golden, String at) {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.resource(golden.path()))) {
            long[] whole = file.parameter(at + "timesteps").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
            return Arrays.stream(whole).asDoubleStream().toArray();
        }
    }

    private static HostTensor weights(Training training, double[] timesteps, Arena arena) {
        NoiseSchedule schedule = NoiseSchedule.from(config("scheduler/scheduler_config.json"));
        HostTensor weights = HostTensor.allocate(arena, Shape.of(BATCH));
        for (int item = 0; item < BATCH; item++) {
            double alphaBar = schedule.alphaBar((int) timesteps[item]);
            double snr = alphaBar / (1 - alphaBar);
            double divisor = training.velocity() ? snr + 1 : snr;
            weights.set(item, (float) (Math.min(snr, training.gamma()) / divisor / BATCH));
        }
        return weights;
    }

    private static void compare(
            Training training, GoldenFile golden, int step, Map<String, HostTensor> made, Device device) {
        String at = "step" + step + ".";
        String what = training.file() + " step " + step;
        device.requireGradientWithin(
                what + " prediction",
                Golden.named(made, "prediction"),
                golden.channelsLast(golden.tensor(at + "prediction")));
        HostTensor weights = weights(training, timesteps(golden, at), golden.arena());
        HostTensor loss = HostTensor.allocate(golden.arena(), Shape.of());
        for (int item = 0; item < BATCH; item++) {
            loss.set(
                    0,
                    loss.get(0) + weights.get(item) * Golden.named(made, "loss").get(item));
        }
        device.requireGradientWithin(what + " loss", loss, golden.tensor(at + "loss"));
        for (String name : MicroStep.PARAMETERS) {
            device.requireGradientWithin(
                    what + " gradient of " + inProjection(name),
                    times(1 / device.lossScale(), Golden.named(made, MicroStep.gradientOf(name))),
                    golden.tensor(at + "grad." + inProjection(name)));
        }
    }

    /** In place. */
    private static HostTensor times(float factor, HostTensor tensor) {
        for (long i = 0; i < tensor.shape().elements(); i++) {
            tensor.set(i, factor * tensor.get(i));
        }
        return tensor;
    }

    private static String inProjection(String name) {
        return name.substring("image_projection.".length());
    }

    private static ModelConfig config(String path) {
        return ModelConfig.read(CHECKPOINT.resolve(path));
    }
}
