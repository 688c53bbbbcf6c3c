package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import io.art2mus.graph.Value;
import org.junit.jupiter.api.Test;

/** The language-of-audio translator's limits; what it computes is {@link ModelGoldenTest}'s affair. */
class Gpt2Test {
    @Test
    void promptBeyondItsPositionsIsRefusedBeforeAWeightIsRead() {
        Gpt2Config config = new Gpt2Config(8, 1, 2, 16, 8, 1e-5f);
        GraphBuilder gpt2 = GraphBuilder.create("language_model", (path, expected) -> {
            throw new AssertionError(path + " was read");
        });
        Value prompt = gpt2.input("prompt", Shape.of(1, 10, 8));
        assertThatThrownBy(() -> Gpt2.translate(config, gpt2, prompt, null))
                .isInstanceOf(ShapeException.class)
                .hasMessage("language_model: a prompt of 10 tokens and 8 new ones exceed the model's 16 positions; "
                        + "shorten the prompt");
    }
}
