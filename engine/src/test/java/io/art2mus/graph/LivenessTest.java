package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private final GraphBuilder builder = GraphBuilder.create("test", (path, shape) -> {
        throw new UnsupportedOperationException("no parameters");
    });
    private final Value x = builder.input("x", Shape.of(2, 6));

    private static Map<Value, Liveness.Life> lives(Graph graph) {
        return Liveness.of(graph, graph.nodes());
    }

    @Test
    void aTensorLivesFromItsMakerToItsLastReader() {
        Value made = builder.tanh(x);
        Value other = builder.silu(x);
        builder.output("y", builder.add(other, made));
        assertThat(lives(builder.build()))
                .containsOnly(Map.entry(made, new Liveness.Life(0, 2)), Map.entry(other, new Liveness.Life(1, 2)));
    }

    @Test
    void aTensorThatNothingReadsLivesWhileItIsMade() {
        Value unread = builder.tanh(x);
        builder.output("y", builder.silu(x));
        assertThat(lives(builder.build())).containsOnly(Map.entry(unread, new Liveness.Life(0, 0)));
    }

    @Test
    void readingAReshapedNameKeepsItsSourceAlive() {
        Value source = builder.tanh(x);
        Value once = builder.reshape(source, 3, 4);
        Value twice = builder.reshape(once, 12);
        Value between = builder.silu(x);
        builder.output("y", builder.tanh(twice));
        Graph graph = builder.build();
        assertThat(lives(graph))
                .containsOnly(Map.entry(source, new Liveness.Life(0, 4)), Map.entry(between, new Liveness.Life(3, 3)));
        assertThat(Liveness.origins(graph)).containsEntry(once, source).containsEntry(twice, source);
    }

    @Test
    void theSourceOfAReshapedOutputIsTheOutputItself() {
        builder.output("y", builder.reshape(builder.tanh(x), 12));
        assertThat(lives(builder.build())).isEmpty();
    }

    @Test
    void inputsAreNotIntermediateUnderAnyName() {
        builder.output("y", builder.tanh(builder.reshape(x, 12)));
        assertThat(lives(builder.build())).isEmpty();
    }

    @Test
    void livesThatShareOneOperationOverlap() {
        assertThat(new Liveness.Life(0, 2).overlaps(new Liveness.Life(2, 5))).isTrue();
        assertThat(new Liveness.Life(2, 5).overlaps(new Liveness.Life(0, 2))).isTrue();
        assertThat(new Liveness.Life(0, 9).overlaps(new Liveness.Life(3, 3))).isTrue();
        assertThat(new Liveness.Life(0, 1).overlaps(new Liveness.Life(2, 5))).isFalse();
    }
}
