package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import io.art2mus.weights.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkTest {
    private int values;

    @Test
    void linearMultipliesEveryRowByTheWeight() {
        Op.Linear linear = new Op.Linear(value(2, 5, 3), value(7, 3), value(7));
        assertThat(Work.of(linear)).isEqualTo(new Work(2 * 10 * 3 * 7, 30 + 21 + 7 + 70));
    }

    @Test
    void convolutionCountsEveryTapOfItsResult() {
        Op.Conv2d convolution = new Op.Conv2d(value(1, 6, 4, 3), value(5, 3, 3, 3), null, Window.square(2, 1));
        assertThat(Work.of(convolution).operations()).isEqualTo(2 * (3 * 2 * 5) * (3 * 9));
    }

    @Test
    void transposedConvolutionCountsEveryTapOfItsInput() {
        Op.ConvTranspose2d convolution =
                new Op.ConvTranspose2d(value(1, 1, 6, 3), value(3, 5, 1, 8), null, Window.alongWidth(4, 2, 1));
        assertThat(Work.of(convolution).operations()).isEqualTo(2 * 6 * 3 * 5 * 8);
    }

    @Test
    void attentionCountsBothItsProducts() {
        Value keys = value(2, 7, 8);
        Op.Attention attention = new Op.Attention(value(2, 5, 8), keys, keys, null, 4, 1, false);
        assertThat(Work.of(attention).operations()).isEqualTo(2 * 2 * (2 * 5 * 7 * 8));
    }

    @Test
    void causalAttentionCountsThePairsThatAreSeen() {
        Value x = value(1, 4, 8);
        Op.Attention attention = new Op.Attention(x, x, x, null, 2, 1, true);
        assertThat(Work.of(attention).operations()).isEqualTo(2 * 2 * (10 * 8));
    }

    @Test
    void otherOperationsAreBytesAlone() {
        Value x = value(2, 3);
        assertThat(Work.of(new Op.Add(x, x))).isEqualTo(new Work(0, 18));
        assertThat(Work.of(new Op.Slice(x, 1, 0, 1))).isEqualTo(new Work(0, 4));
        assertThat(Work.of(new Op.Reshape(x, Shape.of(6)))).isEqualTo(Work.NONE);
    }

    /** docs/reference.md, section 2: convolutions 41 %, Linears 45 %, attention 14 %, with 12 text tokens. */
    @Test
    void publishedTUNetDoes341Gigaflop(@TempDir Path folder) throws IOException {
        TUNet.Graphs graphs = published(folder, 2);
        Work work = Work.of(graphs.every()).plus(Work.of(graphs.once()));
        System.out.printf("t-unet: %.1f GFLOP in all (published: 341)%n", work.operations() / 1e9);
        assertThat(work.operations() / 1e9).isBetween(340.5, 341.5);
        assertThat(share(graphs.every(), Op.Conv2d.class)).isBetween(0.405, 0.415);
        assertThat(share(graphs.every(), Op.Attention.class)).isBetween(0.135, 0.145);
    }

    /** Nothing before the first attention over a conditioning depends on the row. */
    @Test
    void rowsOfTheSameLatentsAreComputedOnceUntilTheyDiffer(@TempDir Path folder) throws IOException {
        double apart = Work.of(published(folder, 2).every()).operations();
        double shared = Work.of(published(folder, 1).every()).operations();
        System.out.printf(
                "t-unet, two conditionings: %.1f GFLOP from two latents, %.1f from one%n", apart / 1e9, shared / 1e9);
        assertThat(shared / apart).isBetween(0.95, 0.97);
    }

    /** The published T-UNet for two conditionings of so many latents. */
    private static TUNet.Graphs published(Path folder, long latents) throws IOException {
        Path file = folder.resolve("config.json");
        try (InputStream config =
                TUNet.class.getResourceAsStream("/io/art2mus/checkpoint/audioldm2/unet/config.json")) {
            Files.copy(Objects.requireNonNull(config), file, StandardCopyOption.REPLACE_EXISTING);
        }
        return TUNet.graphs(
                TUNetConfig.read(ModelConfig.read(file)),
                shapesAlone(),
                Shape.of(latents, 256, 16, 8),
                new TUNet.Conditions(Shape.of(2, 8, 768), Shape.of(2, 12, 1024), 1));
    }

    private static double share(Graph graph, Class<? extends Op> kind) {
        long ofKind = graph.nodes().stream()
                .map(Graph.Node::op)
                .filter(kind::isInstance)
                .mapToLong(op -> Work.of(op).operations())
                .sum();
        return (double) ofKind / Work.of(graph).operations();
    }

    /** Parameters of any shape, all elements of which are the same four bytes. */
    private static ParameterSource shapesAlone() {
        MemorySegment element = Arena.global().allocate(Float.BYTES);
        return (path, shape) -> new Parameter(path, DType.F32, shape, Collections.nCopies(shape.rank(), 0L), element);
    }

    private Value value(long... extents) {
        return new Value(values++, Shape.of(extents), Value.Kind.REAL);
    }
}
