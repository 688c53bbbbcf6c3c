package io.art2mus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.graph.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final Measurement NETWORK = new Measurement(
            "t-unet",
            1,
            5,
            2.5,
            1.75,
            0.8,
            0.9,
            1.25,
            new Work(341_000_000_000L, 4_000_000_000L),
            2,
            OptionalDouble.of(0.68));
    private static final Measurement ENCODER = new Measurement(
            "encoders/flan-t5", 1, 900, 1, 0.012, 0.00025, 0.0003, 0.00031, Work.NONE, 2, OptionalDouble.empty());

    @Test
    void columnsAreAligned() {
        assertThat(Table.of(List.of(NETWORK, ENCODER)).lines())
                .containsExactly(
                        "benchmark         calls    first     p50     p90     p99  GFLOP  GFLOP/s  GB/s   floor  of ceiling",
                        "t-unet                5   1.75 s  800 ms  900 ms  1.25 s    341      426  10.0  680 ms        85 %",
                        "encoders/flan-t5    900  12.0 ms  250 µs  300 µs  310 µs      -        -     -       -           -");
    }

    @Test
    void operationSaysHowOftenItHappensInACall() {
        Measurement operation =
                new Measurement("operations/add", 60, 1, 0, 0, 1, 1, 1, Work.NONE, 2, OptionalDouble.empty());
        assertThat(Table.of(List.of(operation))).contains("operations/add × 60 ");
    }

    @Test
    void fileHoldsSecondsAndRatesInASecond(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bench.json");
        JsonFile.write(file, Map.of("threads", 2), List.of(NETWORK, ENCODER));
        JsonNode content = new ObjectMapper().readTree(file.toFile());
        assertThat(content.get("threads").asInt()).isEqualTo(2);
        JsonNode network = content.at("/benchmarks/0");
        assertThat(network.get("p50").asDouble()).isEqualTo(0.8);
        assertThat(network.get("operations_per_second").asDouble()).isEqualTo(341e9 / 0.8);
        assertThat(content.at("/benchmarks/1").has("operations_per_second")).isFalse();
    }
}
