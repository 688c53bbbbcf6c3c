package io.art2mus.backend.cuda;

import io.art2mus.backend.Optimizer;
import io.art2mus.backend.Trainable;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.CudaGraph;
import io.art2mus.ffi.cuda.ExecutableGraph;
import io.art2mus.graph.HostTensor;
import io.art2mus.kernels.AdamWKernel;
import io.art2mus.kernels.AddKernel;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.Launch;
import io.art2mus.kernels.SumOfSquaresKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Learns on the GPU. A run of the plan and the addition of its gradients are one CUDA graph, an update is another. The inputs that are learned
 * are changed in their place, which is the plan's; sums and moments are this one's.
 */
final class CudaOptimizer implements Optimizer {
    private static final AdamWKernel.Betas BETAS =
            new AdamWKernel.Betas((float) (1 - BETA_1), (float) BETA_2, (float) (1 - BETA_2), EPSILON);

    private final HandleScope scope;
    private final Target target;
    private final Trainable trainable;
    private final Staging staging;
    private final DeviceArena memory;
    private final List<Part> parts = new ArrayList<>();
    private final DeviceArena.Room sums;
    private final DeviceArena.Room numbers;
    private final DeviceArena.Room sumOfSquares;
    private final ExecutableGraph accumulation;
    private final ExecutableGraph update;

    /**
     * One input.
     *
     * @param gradient of one run
     * @param sum address of as many numbers
     * @param first moments
     * @param second moments
     */
    private record Part(
            DeviceArena.Room weights,
            DeviceArena.Room gradient,
            long sum,
            DeviceArena.Room first,
            DeviceArena.Room second) {
        long bytes() {
            return weights.bytes();
        }

        long count() {
            return bytes() / Float.BYTES;
        }
    }

    private CudaOptimizer(HandleScope making, Target target, CudaPlan plan, Trainable trainable) {
        this.target = target;
        this.trainable = trainable;
        Arena arguments = making.own(Arena.ofConfined());
        staging = making.own(new Staging(target.cuda(), target.stream()));
        long summed = trainable.gradients().keySet().stream()
                .mapToLong(input ->
                        DeviceArena.aligned(plan.inputBuffer(input).room().bytes()))
                .sum();
        memory = new DeviceArena(target.cuda(), making, 3 * summed);
        // All in one piece, so that one launch takes their norm; the gaps stay zeros.
        sums = memory.allocate(summed);
        long sum = sums.address();
        for (var entry : trainable.gradients().entrySet()) {
            Part part = part(plan.inputBuffer(entry.getKey()), plan.outputBuffer(entry.getValue()), sum);
            parts.add(part);
            sum += DeviceArena.aligned(part.bytes());
        }
        numbers = memory.allocate(AdamWKernel.NUMBERS * Float.BYTES);
        sumOfSquares = memory.allocate(Float.BYTES);
        upload();
        accumulation = making.own(recorded(addition(arguments), plan::enqueue));
        update = making.own(recorded(change(arguments), () -> {}));
        scope = making.release();
    }

    static CudaOptimizer open(Target target, CudaPlan plan, Trainable trainable) {
        try (HandleScope making = new HandleScope()) {
            return new CudaOptimizer(making, target, plan, trainable);
        }
    }

    private Part part(CudaBuffer weights, CudaBuffer gradient, long sum) {
        if (weights.elements() != Elements.F32
                || gradient.elements() != Elements.F32
                || !gradient.shape().equals(weights.shape())) {
            throw new IllegalArgumentException("what is learned is " + weights.shape() + " in " + weights.elements()
                    + ", its gradient " + gradient.shape() + " in " + gradient.elements());
        }
        long bytes = weights.room().bytes();
        return new Part(weights.room(), gradient.room(), sum, memory.allocate(bytes), memory.allocate(bytes));
    }

    private List<Launch> addition(Arena arguments) {
        long[] dense = {1};
        return parts.stream()
                .map(part -> AddKernel.forward(
                        target.kernels(),
                        arguments,
                        Elements.F32,
                        new long[] {part.count()},
                        part.sum(),
                        part.gradient().address(),
                        dense,
                        part.sum()))
                .toList();
    }

    private List<Launch> change(Arena arguments) {
        long count = sums.bytes() / Float.BYTES;
        long workspace = memory.allocate(Math.max(1, SumOfSquaresKernel.workspaceBytes(target.device(), count)))
                .address();
        List<Launch> launches = new ArrayList<>();
        launches.add(SumOfSquaresKernel.launch(
                target.kernels(), arguments, count, sums.address(), sumOfSquares.address(), workspace));
        for (Part part : parts) {
            launches.add(AdamWKernel.update(
                    target.kernels(),
                    arguments,
                    BETAS,
                    part.count(),
                    part.weights().address(),
                    part.sum(),
                    part.first().address(),
                    part.second().address(),
                    numbers.address(),
                    sumOfSquares.address()));
        }
        return launches;
    }

    private ExecutableGraph recorded(List<Launch> launches, Runnable before) {
        try (CudaGraph recorded = target.stream().capture(() -> {
            before.run();
            launches.forEach(launch -> launch.enqueue(target.stream()));
        })) {
            return ExecutableGraph.of(target.cuda(), recorded, target.stream());
        }
    }

    @Override
    public void clear() {
        sums.memory().clear(target.stream(), sums.offset(), sums.bytes());
    }

    @Override
    public void accumulate() {
        accumulation.launch(target.stream());
    }

    @Override
    public double update(Step step) {
        staging.upload(numbers, data -> {
            float[] row = {
                step.kept(), step.rate(), step.secondCorrection(), (float) step.unscale(), (float) step.largestNorm()
            };
            MemorySegment.copy(row, 0, data, ValueLayout.JAVA_FLOAT, 0, row.length);
        });
        update.launch(target.stream());
        double[] norm = new double[1];
        staging.download(
                sumOfSquares, data -> norm[0] = step.unscale() * Math.sqrt(data.get(ValueLayout.JAVA_FLOAT, 0)));
        return norm[0];
    }

    /** What moves numbers between one of the vectors and one of the places. */
    @FunctionalInterface
    private interface Move {
        void apply(DeviceArena.Room room, MemorySegment host);
    }

    private void upload() {
        move((room, host) -> staging.upload(room, data -> data.copyFrom(host)));
    }

    @Override
    public void download() {
        move((room, host) -> staging.download(room, host::copyFrom));
    }

    private void move(Move move) {
        long offset = 0;
        for (Part part : parts) {
            move.apply(part.weights(), slice(trainable.weights(), offset, part));
            move.apply(part.first(), slice(trainable.firstMoments(), offset, part));
            move.apply(part.second(), slice(trainable.secondMoments(), offset, part));
            offset += part.bytes();
        }
    }

    private static MemorySegment slice(HostTensor vector, long offset, Part part) {
        return vector.data().asSlice(offset, part.bytes());
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        target.stream().synchronize();
        scope.close();
    }
}
