package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import io.art2mus.ffi.generated.onnxruntime.OrtModelEditorApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalInt;

/** A compiled graph. Weights of 128 bytes and more are read where they lie, so they must outlive it. */
public final class OrtSession extends NativeHandle {
    private final OnnxRuntime runtime;
    private final List<OnnxValue> inputs;
    private final List<OnnxValue> outputs;

    private OrtSession(OnnxRuntime runtime, OnnxGraph graph, MemorySegment address) {
        super(address);
        this.runtime = runtime;
        this.inputs = graph.inputs().stream().map(OnnxGraph.Tensor::value).toList();
        this.outputs = graph.outputs().stream().map(OnnxGraph.Tensor::value).toList();
    }

    /** {@link #open(OrtEnvironment, OnnxGraph, int, OptionalInt)} on the CPU. */
    public static OrtSession open(OrtEnvironment environment, OnnxGraph graph, int threads) {
        return open(environment, graph, threads, OptionalInt.empty());
    }

    /**
     * Builds, checks, optimises and prepares the graph; an {@link OrtException} says what is wrong with it.
     *
     * @param threads that one operation is spread over, the calling one included
     * @param gpu the GPU that computes what it can, by its number, where {@link OnnxRuntime#hasCuda}; empty for the CPU alone
     */
    public static OrtSession open(OrtEnvironment environment, OnnxGraph graph, int threads, OptionalInt gpu) {
        if (threads < 1) {
            throw new IllegalArgumentException("a session needs at least one thread, not " + threads);
        }
        OnnxRuntime runtime = environment.runtime();
        try (Arena arena = Arena.ofConfined();
                OrtSessionOptions options = OrtSessionOptions.open(runtime, threads, gpu);
                OrtModel model = new ModelEditor(environment).build(graph)) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            runtime.check(
                    "CreateSessionFromModel",
                    OrtModelEditorApi.CreateSessionFromModel.invoke(
                            OrtModelEditorApi.CreateSessionFromModel(runtime.editor()),
                            environment.handle(),
                            model.handle(),
                            options.handle(),
                            out));
            return new OrtSession(runtime, graph, out.get(ValueLayout.ADDRESS, 0));
        }
    }

    /**
     * Runs the graph once.
     *
     * @param inputs one a graph input, in the order they were declared
     * @param outputs one a graph output, in the order they were declared; overwritten, and of exactly the shape computed
     */
    public void run(List<OrtValue> inputs, List<OrtValue> outputs) {
        if (inputs.size() != this.inputs.size() || outputs.size() != this.outputs.size()) {
            throw new IllegalArgumentException("the graph has " + this.inputs.size() + " inputs and "
                    + this.outputs.size() + " outputs, given were " + inputs.size() + " and " + outputs.size());
        }
        try (Arena arena = Arena.ofConfined()) {
            runtime.check(
                    "Run",
                    OrtApi.Run.invoke(
                            OrtApi.Run(runtime.api()),
                            address(),
                            MemorySegment.NULL,
                            NativeArrays.names(arena, this.inputs),
                            handles(arena, inputs),
                            inputs.size(),
                            NativeArrays.names(arena, this.outputs),
                            outputs.size(),
                            handles(arena, outputs)));
        }
    }

    private static MemorySegment handles(Arena arena, List<OrtValue> values) {
        return NativeArrays.pointers(
                arena, values.stream().map(OrtValue::handle).toList());
    }

    @Override
    protected void destroy() {
        OrtApi.ReleaseSession.invoke(OrtApi.ReleaseSession(runtime.api()), address());
    }
}
