package io.art2mus.train;

import io.art2mus.Golden;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Three steps of training the image projection in PyTorch, from the small random checkpoint.
 *
 * @param name of the file, such as {@code train_art2mus_mse}
 * @param arena owns what is read
 */
record TrainingGolden(String name, Arena arena) {
    /** How many steps each file has. */
    static final int STEPS = 3;

    /** AdamW's settings in these files. */
    static final double LEARNING_RATE = 2e-3;

    static final double WEIGHT_DECAY = 1e-2;

    private static final List<String> PARAMETERS =
            List.of("projection1.weight", "projection1.bias", "projection2.weight", "projection2.bias");

    /** A tensor of a step, such as {@code noise}. */
    HostTensor tensor(int step, String tensor) {
        return Golden.tensor(arena, path(), "step" + step + "." + tensor);
    }

    /** A number of a step, such as {@code loss}. */
    float number(int step, String tensor) {
        return Golden.floats(path(), "step" + step + "." + tensor)[0];
    }

    int[] timesteps(int step) {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.resource(path()))) {
            long[] stored =
                    file.parameter("step" + step + ".timesteps").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
            return Arrays.stream(stored).mapToInt(Math::toIntExact).toArray();
        }
    }

    /** One number for every trainable weight: those under {@code initial}, {@code step0.grad}, {@code step0.after} … */
    TrainedTensors trained(String prefix) {
        TrainedTensors tensors = zeros();
        tensors.byName()
                .forEach((parameter, tensor) -> tensor.data()
                        .copyFrom(Golden.tensor(arena, path(), prefix + "." + parameter)
                                .data()));
        return tensors;
    }

    /** As many zeros. */
    TrainedTensors zeros() {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        for (String parameter : PARAMETERS) {
            shapes.put(
                    parameter,
                    Golden.tensor(arena, path(), "initial." + parameter).shape());
        }
        return new TrainedTensors(arena, shapes);
    }

    private String path() {
        return "tiny-audioldm2/golden/" + name + ".safetensors";
    }
}
