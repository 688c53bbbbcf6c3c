package io.art2mus.backend.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.backend.reference.ReferenceBackend;
import io.art2mus.graph.HostTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The judge is judged: every case equals PyTorch 2.13 in float64.
 *
 * <p>{@code operations/pytorch.json} holds for every case the norm of the whole result and its row-major elements 0, every,
 * 2 · every, …. They were made by drawing each operand as {@link Operands} does (SplitMix64 in numpy) and evaluating each
 * operation of the case with {@code torch.nn.functional}: {@code pad} and {@code conv2d}, {@code conv_transpose2d} and a cut,
 * {@code linear}, {@code scaled_dot_product_attention} with bias and causal mask added up, {@code group_norm},
 * {@code layer_norm}, {@code silu}, {@code gelu} (also {@code approximate="tanh"}), {@code tanh}, {@code leaky_relu},
 * {@code interpolate(mode="nearest")}, {@code cat}, {@code narrow} and indexing, pictures permuted to channels-first and back.
 */
final class ReferenceEqualsPyTorchTest {
    private static final Path RESULTS = Golden.resource("operations/pytorch.json");

    @Test
    void everyCaseHasAResultAndNoNameIsTwice() throws IOException {
        assertThat(OpCases.all().stream().map(OpCase::name))
                .containsExactlyInAnyOrderElementsOf(
                        results().propertyStream().map(Map.Entry::getKey).toList());
    }

    @TestFactory
    Stream<DynamicTest> everyCaseEqualsPyTorch() throws IOException {
        JsonNode results = results();
        return OpCases.all().stream()
                .map(op -> dynamicTest(op.name(), () -> requireEquals(op, results.required(op.name()))));
    }

    private static void requireEquals(OpCase op, JsonNode expected) {
        try (Arena arena = Arena.ofConfined();
                ReferenceBackend reference = new ReferenceBackend()) {
            HostTensor result = op.evaluate(reference, arena);
            double norm = expected.required("norm").doubleValue();
            Tolerance.OPERATION_F64.requireWithin(op.name() + ", norm", Math.abs(norm(result) - norm) / norm);
            Tolerance.OPERATION_F64.requireWithin(op.name(), sampledError(result, expected));
        }
    }

    private static double norm(HostTensor tensor) {
        double squares = 0;
        for (long i = 0; i < tensor.shape().elements(); i++) {
            squares += (double) tensor.get(i) * tensor.get(i);
        }
        return Math.sqrt(squares);
    }

    private static double sampledError(HostTensor result, JsonNode expected) {
        int every = expected.required("every").intValue();
        JsonNode values = expected.required("values");
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < values.size(); i++) {
            double value = values.required(i).doubleValue();
            difference += Math.pow(result.get((long) i * every) - value, 2);
            reference += value * value;
        }
        return Math.sqrt(difference / reference);
    }

    private static JsonNode results() throws IOException {
        return new ObjectMapper().readTree(RESULTS.toFile());
    }
}
