package io.art2mus.encoder;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OrtEnvironment;
import io.art2mus.ffi.onnxruntime.OrtSession;
import io.art2mus.ffi.onnxruntime.OrtValue;
import io.art2mus.ffi.onnxruntime.TensorType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.OpenWeights;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** One encoder's compiled graph together with the mapped weights it reads; owns both. */
final class EncoderSession implements AutoCloseable {
    private final HandleScope scope;
    private final OrtEnvironment environment;
    private final OpenWeights weights;
    private final OrtSession session;

    private EncoderSession(HandleScope scope, OrtEnvironment environment, OpenWeights weights, OrtSession session) {
        this.scope = scope;
        this.environment = environment;
        this.weights = weights;
        this.session = session;
    }

    /** Writes an encoder down. */
    @FunctionalInterface
    interface Network {
        /** Appends the whole encoder, inputs and output included. */
        void describe(LayerGraph layers, WeightTree weights);
    }

    /** Takes over {@code weights}, and closes them at once where the network does not fit them. */
    static EncoderSession open(EncoderRuntime runtime, OpenWeights weights, Network network) {
        try (HandleScope scope = new HandleScope()) {
            scope.own(weights);
            Arena constants = scope.own(Arena.ofConfined());
            LayerGraph layers = new LayerGraph(constants);
            WeightTree tree = weights.tree();
            network.describe(layers, tree);
            runtime.listener().unused(weights.fileOf(""), tree.unused());
            OnnxGraph graph = layers.graph();
            OrtSession session =
                    scope.own(OrtSession.open(runtime.environment(), graph, runtime.threads(), runtime.gpu()));
            return new EncoderSession(scope.release(), runtime.environment(), weights, session);
        }
    }

    /** An input: dense, in native memory. */
    record Input(TensorType type, Shape shape, MemorySegment data) {
        static Input of(HostTensor tensor) {
            return new Input(TensorType.FLOAT, tensor.shape(), tensor.data());
        }
    }

    /** Runs the encoder on inputs in the order they were declared; the result is owned by {@code arena}. */
    HostTensor run(Arena arena, Shape resultShape, Input... inputs) {
        weights.requireUnchanged();
        HostTensor result = HostTensor.allocate(arena, resultShape);
        try (HandleScope values = new HandleScope()) {
            List<OrtValue> given = Arrays.stream(inputs)
                    .map(input -> values.own(OrtValue.over(
                            environment,
                            input.type(),
                            input.data(),
                            input.shape().extents())))
                    .toList();
            OrtValue computed =
                    values.own(OrtValue.over(environment, TensorType.FLOAT, result.data(), resultShape.extents()));
            session.run(given, List.of(computed));
        }
        return result;
    }

    @Override
    public void close() {
        scope.close();
    }
}
