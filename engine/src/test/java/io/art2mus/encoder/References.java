package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** What PyTorch computed, as encoders take and give it. */
final class References {
    static final Path TINY = Golden.resource("tiny-audioldm2");
    static final Path MINI = Golden.mini();

    private References() {}

    /** A float32 tensor of a file of the test resources. */
    static HostTensor tensor(Arena arena, String file, String name) {
        try (SafetensorsFile opened = SafetensorsFile.open(Golden.resource(file))) {
            Parameter parameter = opened.parameter(name);
            return new HostTensor(parameter.shape(), copy(arena, parameter));
        }
    }

    /** Ids and mask of the golden texts. */
    static Tokens tokens(Arena arena, String file, String ids, String mask) {
        try (SafetensorsFile opened = SafetensorsFile.open(Golden.resource(file))) {
            Parameter stored = opened.parameter(ids);
            return new Tokens(stored.shape(), copy(arena, stored), copy(arena, opened.parameter(mask)));
        }
    }

    /** One picture as a batch. */
    static HostTensor batch(HostTensor one) {
        long[] extents = one.shape().extents();
        return one.reshaped(Shape.of(1, extents[0], extents[1], extents[2]));
    }

    private static MemorySegment copy(Arena arena, Parameter parameter) {
        return arena.allocate(parameter.shape().elements() * parameter.dtype().bytes(), 64)
                .copyFrom(parameter.data());
    }

    /** Compares by the norm of the difference over the norm of the reference. */
    static void requireEqual(String what, HostTensor actual, HostTensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double difference = 0;
        double reference = 0;
        for (long index = 0; index < expected.shape().elements(); index++) {
            difference += Math.pow((double) actual.get(index) - expected.get(index), 2);
            reference += Math.pow(expected.get(index), 2);
        }
        double error = Math.sqrt(difference / reference);
        System.out.printf("%s: %.1e (limit 1e-04)%n", what, error);
        assertThat(error).as(what).isLessThanOrEqualTo(1e-4);
    }
}
