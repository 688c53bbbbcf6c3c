package io.art2mus.train;

import io.art2mus.backend.Optimizer;
import io.art2mus.backend.Plan;
import java.lang.foreign.Arena;

/** Learns on the host, in the state's own memory: for plans that compute there, and those that judge others. */
final class HostOptimizer implements Optimizer {
    private final Plan plan;
    private final TrainingState state;
    private final Arena arena;
    private final TrainedTensors sums;
    private final TrainedTensors gradients;

    HostOptimizer(Plan plan, TrainingState state) {
        this.plan = plan;
        this.state = state;
        arena = Arena.ofConfined();
        sums = new TrainedTensors(arena, state.shapes());
        gradients = new TrainedTensors(arena, state.shapes());
        uploadWeights();
    }

    @Override
    public void clear() {
        sums.clear();
    }

    @Override
    public void accumulate() {
        plan.run();
        gradients.byName().forEach((name, gradient) -> {
            plan.output(MicroStep.gradientOf(name)).download(gradient);
            sums.add(name, gradient);
        });
    }

    @Override
    public double update(Step step) {
        double norm = AdamW.update(state.trainable(), sums.all(), step);
        uploadWeights();
        return norm;
    }

    private void uploadWeights() {
        state.weights().byName().forEach((name, weight) -> plan.input(name).upload(weight));
    }

    @Override
    public void download() {
        // The state's memory is what was changed.
    }

    @Override
    public long bytes() {
        return sums.all().data().byteSize() + gradients.all().data().byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
