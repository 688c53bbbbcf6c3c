package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightWriter.Declaration;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in either format is what its reader finds. */
class WeightWriterTest {
    @TempDir
    private Path folder;

    /** Scalars, primes, one axis and five, every type, more than one part, and names in more than ASCII. */
    private static List<Declaration> awkward() {
        return List.of(
                new Declaration("scalar", DType.F16, Shape.of()),
                new Declaration("a.0.weight", DType.BF16, Shape.of(3, 5, 7)),
                new Declaration("one", DType.F32, Shape.of(1)),
                new Declaration("counter", DType.I64, Shape.of()),
                new Declaration("größe", DType.F16, Shape.of(13)),
                new Declaration("clip", DType.F32, Shape.of(2, 3, 2, 7, 7)),
                new Declaration("positions", DType.I64, Shape.of(1, 300)),
                new Declaration("long", DType.BF16, Shape.of(1_000_003)),
                new Declaration("wide", DType.F32, Shape.of(257, 1031)),
                new Declaration("whole", DType.I32, Shape.of(2, 2)),
                new Declaration("double", DType.F64, Shape.of(11)));
    }

    /** Bytes that are no NaN in any type, so that comparing them is comparing values. */
    private static byte[] content(Declaration tensor) {
        byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
        new Random(tensor.name().hashCode()).nextBytes(bytes);
        return bytes;
    }

    private static void write(Path file, List<Declaration> tensors) {
        try (WeightWriter writer = WeightWriter.create(file, tensors)) {
            // In another order than declared, from several threads.
            tensors.reversed().parallelStream()
                    .forEach(tensor -> writer.write(tensor.name(), MemorySegment.ofArray(content(tensor))));
            writer.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.pth"})
    void readersFindEveryTensorAgain(String name) {
        Path path = folder.resolve(name);
        write(path, awkward());
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.names())
                    .containsExactlyInAnyOrderElementsOf(
                            awkward().stream().map(Declaration::name).toList());
            for (Declaration tensor : awkward()) {
                Parameter parameter = file.parameter(tensor.name());
                assertThat(parameter.shape()).isEqualTo(tensor.shape());
                assertThat(parameter.dtype()).isEqualTo(tensor.dtype());
                assertThat(parameter.isContiguous()).isTrue();
                assertThat(parameter.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content(tensor));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.pt"})
    void theSameTensorsAreTheSameFile(String name) throws IOException {
        Path one = folder.resolve("one-" + name);
        Path other = folder.resolve("other-" + name);
        write(one, awkward());
        write(other, awkward());
        assertThat(Files.mismatch(one, other)).isEqualTo(-1);
    }

    /** Every tensor is handed to native libraries where it lies, without a copy. */
    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.pth"})
    void everyTensorLiesOnAMultipleOfItsElementSize(String name) {
        Path path = folder.resolve(name);
        write(path, awkward());
        try (WeightFile file = WeightFile.open(path)) {
            for (Declaration tensor : awkward()) {
                assertThat(file.parameter(tensor.name()).data().address()
                                % tensor.dtype().bytes())
                        .as(tensor.name())
                        .isZero();
            }
        }
    }

    @Test
    void anArchiveOfAThousandTensorsIsAZipWhoseChecksumsHold() throws IOException {
        List<Declaration> tensors = new ArrayList<>();
        for (int i = 0; i < 2_345; i++) {
            tensors.add(new Declaration("layer." + i + ".weight", DType.F32, Shape.of(1 + i % 5)));
        }
        Path path = folder.resolve("many.bin");
        write(path, tensors);
        try (ZipFile zip = new ZipFile(path.toFile())) {
            assertThat(zip.size()).isEqualTo(tensors.size() + 3);
            for (ZipEntry entry : zip.stream().<ZipEntry>map(each -> each).toList()) {
                java.util.zip.CRC32 checksum = new java.util.zip.CRC32();
                checksum.update(zip.getInputStream(entry).readAllBytes());
                assertThat(checksum.getValue()).as(entry.getName()).isEqualTo(entry.getCrc());
            }
        }
        try (WeightFile file = WeightFile.open(path)) {
            assertThat(file.names()).hasSize(tensors.size());
        }
    }

    @Test
    void noTensorsAreAFileToo() {
        for (String name : List.of("none.safetensors", "none.pt")) {
            write(folder.resolve(name), List.of());
            try (WeightFile file = WeightFile.open(folder.resolve(name))) {
                assertThat(file.names()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.pth"})
    void aFileThatLacksATensorIsNotFinished(String name) {
        try (WeightWriter writer = WeightWriter.create(folder.resolve(name), awkward())) {
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("11 tensors were not written");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.pth"})
    void nothingIsWrittenTwiceOrUndeclared(String name) {
        Declaration one = new Declaration("one", DType.F32, Shape.of(1));
        MemorySegment four = MemorySegment.ofArray(new byte[4]);
        try (WeightWriter writer = WeightWriter.create(folder.resolve(name), List.of(one))) {
            writer.write("one", four);
            assertThatThrownBy(() -> writer.write("one", four)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write("two", four)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> WeightWriter.create(folder.resolve("twice-" + name), List.of(one, one)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsThereIsNotReplaced() throws IOException {
        Path path = Files.createFile(folder.resolve("model.pt"));
        assertThatThrownBy(() -> WeightWriter.create(path, List.of()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("exists already");
        assertThatThrownBy(() -> WeightWriter.create(folder.resolve("missing/model.pt"), List.of()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("cannot be created");
    }
}
