package io.art2mus.model;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a graph once on values of a test. */
final class Run {
    private Run() {}

    /** Real inputs by name; outputs by name. */
    static Map<String, float[]> of(Backend backend, Graph graph, Map<String, float[]> inputs) {
        return of(backend, graph, inputs, Map.of());
    }

    /** The same with positions. */
    static Map<String, float[]> of(
            Backend backend, Graph graph, Map<String, float[]> inputs, Map<String, Integer> positions) {
        try (Arena arena = Arena.ofConfined();
                Plan plan = backend.compile(graph)) {
            inputs.forEach((name, values) ->
                    plan.input(name).upload(tensor(arena, plan.input(name).shape(), values)));
            positions.forEach((name, position) -> plan.input(name).uploadPosition(position));
            plan.run();
            Map<String, float[]> outputs = new LinkedHashMap<>();
            graph.outputs().forEach((name, value) -> outputs.put(name, download(arena, plan, name, value)));
            return outputs;
        }
    }

    private static float[] download(Arena arena, Plan plan, String name, Value value) {
        HostTensor values = HostTensor.allocate(arena, value.shape());
        plan.output(name).download(values);
        return values.data().toArray(ValueLayout.JAVA_FLOAT);
    }

    private static HostTensor tensor(Arena arena, Shape shape, float[] values) {
        HostTensor tensor = HostTensor.allocate(arena, shape);
        tensor.data().copyFrom(MemorySegment.ofArray(values));
        return tensor;
    }

    /** PyTorch's {@code [N, C, H, W]} as {@code [N, H, W, C]}. */
    static float[] channelsLast(float[] values, int n, int c, int h, int w) {
        float[] turned = new float[values.length];
        for (int row = 0; row < n; row++) {
            for (int channel = 0; channel < c; channel++) {
                for (int place = 0; place < h * w; place++) {
                    turned[(row * h * w + place) * c + channel] = values[(row * c + channel) * h * w + place];
                }
            }
        }
        return turned;
    }
}
