package io.art2mus.train;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Optimizer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.PlanMemory;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.nn.SinusoidalEmbedding;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Teaches an image projection layer. A micro-batch goes forward and back through one plan; the gradients of several add up where the
 * plan computes, and an update clips them and moves the weights there. Belongs to the thread of its backend.
 */
public final class ProjectionTrainer implements AutoCloseable {
    private final HandleScope scope;
    private final Plan plan;
    private final TrainingState state;
    private final NoiseLoss noiseLoss;
    private final AdamW adamW;
    private final boolean scales;
    private final long timeChannels;
    private final Optimizer optimizer;
    private final HostTensor losses;
    private final HostTensor lossWeights;

    /**
     * What an update is made of.
     *
     * @param loss what micro-batches are weighted by and compared with
     * @param adamW moves the weights
     */
    public record Method(NoiseLoss loss, AdamW adamW) {}

    /**
     * What an update came to.
     *
     * @param loss mean over the items, each by its weight
     * @param gradientNorm before clipping
     */
    public record Update(double loss, double gradientNorm) {}

    /**
     * Compiles the micro-step.
     *
     * @param texts of the artwork sentence; with guidance in the loss, of the negative prompt in a row before it
     * @param state is what updates begin with; stays its owner's, and is brought up to date by {@link #download}
     */
    public ProjectionTrainer(
            Backend backend,
            MicroStep.Networks networks,
            MicroStep.Sizes sizes,
            MicroStep.Options options,
            Conditioning texts,
            Method method,
            TrainingState state) {
        this.state = state;
        noiseLoss = method.loss();
        adamW = method.adamW();
        scales = backend.needsLossScale();
        timeChannels = networks.unet().levels().getFirst().channels();
        try (HandleScope opening = new HandleScope()) {
            Arena arena = opening.own(Arena.ofConfined());
            plan = opening.own(
                    backend.compile(MicroStep.graph(networks, sizes, options), Map.of(), identity(networks)));
            optimizer = opening.own(
                    backend.optimizer(plan, state.trainable()).orElseGet(() -> new HostOptimizer(plan, state)));
            losses = HostTensor.allocate(arena, Shape.of(sizes.batch()));
            lossWeights = HostTensor.allocate(arena, Shape.of(sizes.batch()));
            upload(texts);
            scope = opening.release();
        }
    }

    /**
     * Computes the gradient of several micro-batches' mean loss, and moves the weights.
     *
     * @throws DivergedException where a loss is NaN or infinite; the weights are as before
     */
    public Update update(List<MicroBatch> microBatches, double learningRate) {
        LossScale scale = scales && state.lossScale().equals(LossScale.NONE) ? LossScale.FIRST : state.lossScale();
        Update update = tried(microBatches, learningRate, scale);
        while (!Double.isFinite(update.gradientNorm()) && scale.canShrink()) {
            scale = scale.halved();
            update = tried(microBatches, learningRate, scale);
        }
        if (!Double.isFinite(update.gradientNorm())) {
            throw new DivergedException("the gradient of update " + (state.updates() + 1) + " is not finite");
        }
        state.countUpdate(scale);
        return update;
    }

    /** Leaves the weights where the norm is not finite. */
    private Update tried(List<MicroBatch> microBatches, double learningRate, LossScale scale) {
        optimizer.clear();
        double loss = 0;
        for (MicroBatch microBatch : microBatches) {
            loss += accumulate(microBatch, microBatches.size(), scale);
        }
        return new Update(loss, optimizer.update(adamW.step(learningRate, state.updates() + 1, scale.factor())));
    }

    /**
     * The loss of each item with the weights as they are, before it is weighted. Runs the same plan as an update, gradients included, since
     * a second one would take as much memory again.
     */
    public float[] losses(MicroBatch microBatch) {
        upload(microBatch, 1, 1);
        plan.run();
        plan.output("loss").download(losses);
        float[] each = new float[microBatch.items()];
        for (int n = 0; n < each.length; n++) {
            each[n] = losses.get(n);
        }
        return each;
    }

    /** Bytes of the plan. */
    public PlanMemory memory() {
        return plan.memory();
    }

    /** Brings the state's weights and moments to where updates have moved them. */
    public void download() {
        optimizer.download();
    }

    /** Bytes of gradients, and of moments where they are the device's. */
    public long optimizerBytes() {
        return optimizer.bytes();
    }

    private double accumulate(MicroBatch microBatch, int count, LossScale scale) {
        upload(microBatch, count, scale.factor());
        optimizer.accumulate();
        plan.output("loss").download(losses);
        double loss = 0;
        for (int n = 0; n < microBatch.items(); n++) {
            if (!Float.isFinite(losses.get(n))) {
                throw new DivergedException("the loss of item %d in update %d is %s, at timestep %d: %s"
                        .formatted(
                                n + 1,
                                state.updates() + 1,
                                losses.get(n),
                                microBatch.timesteps()[n],
                                microBatch.names()[n]));
            }
            loss += lossWeights.get(n) / scale.factor() * losses.get(n);
        }
        return loss;
    }

    /** Each loss counts for its weight in the mean over the items of {@code count} micro-batches, times {@code scale}. */
    private void upload(MicroBatch microBatch, int count, double scale) {
        int[] timesteps = microBatch.timesteps();
        for (int n = 0; n < timesteps.length; n++) {
            lossWeights.set(n, (float) (noiseLoss.weight(timesteps[n]) / timesteps.length / count * scale));
        }
        try (Arena arena = Arena.ofConfined()) {
            double[] times = Arrays.stream(timesteps).asDoubleStream().toArray();
            plan.input("sinusoid").upload(SinusoidalEmbedding.of(arena, times, timeChannels));
        }
        plan.input("embedding").upload(microBatch.embeddings());
        plan.input("latents").upload(microBatch.noised());
        plan.input("target").upload(microBatch.target());
        plan.input("loss_weights").upload(lossWeights);
    }

    private void upload(Conditioning texts) {
        long last = texts.rows() - 1;
        plan.input("t5").upload(texts.t5().rows(last, 1));
        plan.input("t5_bias").upload(texts.t5Bias().rows(last, 1));
        if (texts.rows() > 1) {
            plan.input("negative_loa").upload(texts.loa().rows(0, 1));
            plan.input("negative_t5").upload(texts.t5().rows(0, 1));
            plan.input("negative_t5_bias").upload(texts.t5Bias().rows(0, 1));
        }
    }

    private static Optional<String> identity(MicroStep.Networks networks) {
        return networks.unetWeights()
                .identity()
                .flatMap(unet -> networks.gpt2Weights().identity().map(gpt2 -> unet + "\n" + gpt2));
    }

    @Override
    public void close() {
        scope.close();
    }
}
