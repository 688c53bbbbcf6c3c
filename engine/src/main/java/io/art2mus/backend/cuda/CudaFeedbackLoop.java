package io.art2mus.backend.cuda;

import io.art2mus.backend.Feedback;
import io.art2mus.backend.FeedbackLoop;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.CudaEvent;
import io.art2mus.ffi.cuda.CudaGraph;
import io.art2mus.ffi.cuda.ExecutableGraph;
import io.art2mus.ffi.nvtx.Nvtx;
import io.art2mus.graph.HostTensor;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.Launch;
import io.art2mus.kernels.SamplerStepKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A plan and the change of the state after it as one CUDA graph: a run is one call. The state is float32 and stays on the GPU. */
final class CudaFeedbackLoop implements FeedbackLoop {
    /** Numbers of a run before those of the slots, and those of a slot; see {@code sampler_step.cu}. */
    private static final int RUN_NUMBERS = 4;

    private static final int SLOT_NUMBERS = 4;

    private final HandleScope scope;
    private final Target target;
    private final Feedback feedback;
    private final Staging staging;
    private final CudaBuffer input;
    private final CudaBuffer position;
    private final DeviceArena.Room state;
    private final DeviceArena.Room flags;
    private final Runnable replay;
    private final CudaEvent[] ends;
    private int runs;

    private CudaFeedbackLoop(HandleScope making, Target target, CudaPlan plan, Feedback feedback) {
        this.target = target;
        this.feedback = feedback;
        Arena arena = making.own(Arena.ofConfined());
        staging = making.own(new Staging(target.cuda(), target.stream()));
        input = plan.inputBuffer(feedback.input());
        position = plan.inputBuffer(feedback.position());
        CudaBuffer output = plan.outputBuffer(feedback.output());
        long count = input.shape().elements();
        DeviceArena memory = new DeviceArena(target.cuda(), making, 0);
        state = memory.allocate(count * Float.BYTES);
        long history = memory.allocate(Math.max(1, feedback.slots() * count * Float.BYTES))
                .address();
        DeviceArena.Room table = memory.allocate((long) feedback.runs().size() * rowNumbers() * Float.BYTES);
        staging.upload(table, this::writeTable);
        flags = memory.allocate(2 * Integer.BYTES);
        Launch change = SamplerStepKernel.forward(
                target.kernels(),
                arena,
                target.elements(),
                new SamplerStepKernel.Buffers(
                        output.room().address(),
                        state.address(),
                        history,
                        input.room().address(),
                        table.address(),
                        position.room().address(),
                        flags.address(),
                        flags.address() + Integer.BYTES),
                feedback.guidance(),
                feedback.copies(),
                feedback.slots(),
                count);
        try (CudaGraph recorded = target.stream().capture(() -> {
            plan.enqueue();
            change.enqueue(target.stream());
        })) {
            ExecutableGraph executable = making.own(ExecutableGraph.of(target.cuda(), recorded, target.stream()));
            Runnable launch = () -> executable.launch(target.stream());
            replay = Nvtx.ofProcess()
                    .map(ranges -> ranges.around("step", launch))
                    .orElse(launch);
        }
        ends = new CudaEvent[] {making.own(CudaEvent.open(target.cuda())), making.own(CudaEvent.open(target.cuda()))};
        scope = making.release();
    }

    static CudaFeedbackLoop open(Target target, CudaPlan plan, Feedback feedback) {
        try (HandleScope making = new HandleScope()) {
            return new CudaFeedbackLoop(making, target, plan, feedback);
        }
    }

    private int rowNumbers() {
        return RUN_NUMBERS + SLOT_NUMBERS * feedback.slots();
    }

    private void writeTable(MemorySegment table) {
        List<Feedback.Run> all = feedback.runs();
        for (int run = 0; run < all.size(); run++) {
            Feedback.Run row = all.get(run);
            long start = (long) run * rowNumbers();
            float nextScale = run + 1 < all.size() ? all.get(run + 1).inputScale() : 1;
            write(table, start, row.next().sample(), row.next().output(), nextScale, 0);
            for (int slot = 0; slot < feedback.slots(); slot++) {
                Feedback.Slot kept = row.history().get(slot);
                write(
                        table,
                        start + RUN_NUMBERS + (long) slot * SLOT_NUMBERS,
                        kept.keeps() ? 1 : 0,
                        kept.value().sample(),
                        kept.value().output(),
                        kept.weight());
            }
        }
    }

    private static void write(MemorySegment table, long start, float... numbers) {
        for (int i = 0; i < numbers.length; i++) {
            table.setAtIndex(ValueLayout.JAVA_FLOAT, start + i, numbers[i]);
        }
    }

    @Override
    public void begin(HostTensor first) {
        staging.upload(state, data -> Numbers.write(first, data, Elements.F32));
        float scale = feedback.runs().getFirst().inputScale();
        staging.upload(input.room(), data -> {
            for (long i = 0; i < input.shape().elements(); i++) {
                Numbers.set(data, target.elements(), i, scale * first.get(i));
            }
        });
        flags.memory().clear(target.stream(), flags.offset(), flags.bytes());
        position.uploadPosition(0);
        runs = 0;
    }

    @Override
    public void run() {
        CudaEvent end = ends[runs % ends.length];
        if (runs >= ends.length) {
            end.synchronize();
        }
        replay.run();
        end.record(target.stream());
        runs++;
    }

    @Override
    public boolean end(HostTensor last) {
        staging.download(state, data -> Numbers.read(data, Elements.F32, last));
        boolean[] finite = new boolean[1];
        staging.download(flags, data -> finite[0] = data.getAtIndex(ValueLayout.JAVA_INT, 1) == 0);
        return finite[0];
    }

    @Override
    public void close() {
        target.stream().synchronize();
        scope.close();
    }
}
