package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    private Path file(byte[] bytes) {
        return SafetensorsBytes.write(folder.resolve("model.safetensors"), bytes);
    }

    /** A header of one tensor {@code w}. */
    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    static Stream<Arguments> lies() {
        String whole = "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        byte[] four = new byte[4];
        byte[] eight = new byte[8];
        return Stream.of(
                Arguments.of("empty file", new byte[0], "the header does not fit"),
                Arguments.of("cut in the header's length", new byte[7], "the header does not fit"),
                Arguments.of("header longer than the file", SafetensorsBytes.withLength(99, "{}"), "does not fit"),
                Arguments.of("header of 2^63 bytes", SafetensorsBytes.withLength(Long.MIN_VALUE, "{}"), "not fit"),
                Arguments.of("header of 2^63 - 1 bytes", SafetensorsBytes.withLength(Long.MAX_VALUE, "{}"), "not fit"),
                Arguments.of("no header", SafetensorsBytes.of(""), "no JSON object"),
                Arguments.of("header is a list", SafetensorsBytes.of("[]"), "no JSON object"),
                Arguments.of("header cut short", SafetensorsBytes.of("{" + whole, four), "no valid JSON"),
                Arguments.of("header goes on", SafetensorsBytes.of("{" + whole + "}{}", four), "follows the JSON"),
                Arguments.of("deep JSON", SafetensorsBytes.of("{\"w\":" + "[".repeat(50_000)), "w is described by no"),
                Arguments.of(
                        "deep JSON in an offset",
                        SafetensorsBytes.of(tensor("F32", "[1]", "[".repeat(50_000))),
                        "w has a data_offsets that is no short list"),
                Arguments.of(
                        "duplicate name",
                        SafetensorsBytes.of("{" + whole + "," + whole + "}", four),
                        "w is there twice"),
                Arguments.of(
                        "duplicate dtype",
                        SafetensorsBytes.of("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}"),
                        "w has its dtype twice"),
                Arguments.of(
                        "unknown dtype", SafetensorsBytes.of(tensor("F33", "[1]", "[0,4]"), four), "unknown dtype F33"),
                Arguments.of(
                        "dtype is a number", SafetensorsBytes.of("{\"w\":{\"dtype\":1}}"), "w has a dtype that is no"),
                Arguments.of("unknown key", SafetensorsBytes.of("{\"w\":{\"code\":1}}"), "w has the unknown key code"),
                Arguments.of("nothing said", SafetensorsBytes.of("{\"w\":{}}"), "w lacks its dtype"),
                Arguments.of("one offset", SafetensorsBytes.of(tensor("F32", "[1]", "[0]"), four), "two offsets"),
                Arguments.of(
                        "offsets past the end",
                        SafetensorsBytes.of(tensor("F32", "[2]", "[0,8]"), four),
                        "w lies outside"),
                Arguments.of(
                        "offset of 2^63",
                        SafetensorsBytes.of(tensor("F32", "[1]", "[0,9223372036854775808]"), four),
                        "no valid JSON"),
                Arguments.of(
                        "offset of 2^63 - 1",
                        SafetensorsBytes.of(tensor("F32", "[1]", "[0,9223372036854775807]"), four),
                        "w lies outside the file"),
                Arguments.of(
                        "negative offset",
                        SafetensorsBytes.of(tensor("F32", "[1]", "[-4,0]"), four),
                        "w has -4 in its"),
                Arguments.of(
                        "end before begin",
                        SafetensorsBytes.of(tensor("F32", "[1]", "[4,0]"), four),
                        "before it begins"),
                Arguments.of(
                        "fractional extent",
                        SafetensorsBytes.of(tensor("F32", "[1.0]", "[0,4]"), four),
                        "whole numbers"),
                Arguments.of(
                        "negative extent",
                        SafetensorsBytes.of(tensor("F32", "[-1]", "[0,4]"), four),
                        "w has -1 in its"),
                Arguments.of(
                        "shape larger than its bytes",
                        SafetensorsBytes.of(tensor("F32", "[2]", "[0,4]"), four),
                        "w [2] in F32 is 8 bytes, its offsets span 4"),
                Arguments.of(
                        "shape whose product overflows",
                        SafetensorsBytes.of(tensor("F32", "[4294967296,4294967296]", "[0,4]"), four),
                        "larger than any file"),
                Arguments.of(
                        "shape whose bytes overflow",
                        SafetensorsBytes.of(tensor("F32", "[4611686018427387904]", "[0,0]")),
                        "larger than any file"),
                Arguments.of(
                        "more axes than any tensor has",
                        SafetensorsBytes.of(tensor("F32", "[1" + ",1".repeat(16) + "]", "[0,4]"), four),
                        "w has a shape that is no short list"),
                Arguments.of(
                        "overlap",
                        SafetensorsBytes.of(
                                "{" + whole + ",\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
                                eight),
                        "v overlaps the tensor before it"),
                Arguments.of(
                        "gap",
                        SafetensorsBytes.of(
                                "{" + whole + ",\"v\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[6,8]}}",
                                eight),
                        "v leaves a gap before it"),
                Arguments.of(
                        "bytes of no tensor", SafetensorsBytes.of("{" + whole + "}", eight), "4 bytes after the last"),
                Arguments.of(
                        "metadata is a list", SafetensorsBytes.of("{\"__metadata__\":[]}"), "__metadata__ is no JSON"),
                Arguments.of(
                        "metadata holds an object",
                        SafetensorsBytes.of("{\"__metadata__\":{\"a\":{}}}"),
                        "__metadata__.a is no text"),
                Arguments.of(
                        "metadata twice",
                        SafetensorsBytes.of("{\"__metadata__\":{},\"__metadata__\":{}}"),
                        "__metadata__ is there twice"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void lyingHeaderIsRefusedByName(String lie, byte[] bytes, String message) {
        Path file = file(bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .as(lie)
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("model.safetensors); the file is damaged, fetch it again")
                .message()
                .hasLineCount(1);
    }

    @Test
    void brokenUtf8IsRefused() {
        byte[] bytes = SafetensorsBytes.of(tensor("F32", "[1]", "[0,4]"), new byte[4]);
        bytes[10] = (byte) 0xff;
        Path file = file(bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("no UTF-8 text");
    }

    @Test
    void nameWithTerminalEscapeAndLineBreakStaysOnePrintableLine() {
        Path file = file(SafetensorsBytes.of("{\"a\\u001b[2J\\nb\":{\"dtype\":\"X\"}}"));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("a\uFFFD[2J b has the unknown dtype X");
    }

    @Test
    void scalarsEmptyTensorsAndTypesNobodyReadsDoNotSpoilTheFile() {
        byte[] data = SafetensorsBytes.floats(2.5f, 0);
        Path file = file(SafetensorsBytes.of(
                "{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[4],\"data_offsets\":[4,8]},"
                        + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]},"
                        + "\"scale\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                data));
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            Parameter scale = weights.parameter("scale");
            assertThat(scale.shape()).isEqualTo(Shape.of());
            assertThat(scale.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(2.5f);
            assertThatThrownBy(() -> weights.parameter("mask")).hasMessageContaining("mask is of type BOOL");
            assertThatThrownBy(() -> weights.parameter("none")).hasMessageContaining("none is empty: [0, 3]");
        }
    }

    @Test
    void tensorAtAnOddOffsetIsCopiedToAnAlignedPlace() {
        String header = tensor("F32", "[2]", "[0,8]");
        Path file = file(SafetensorsBytes.of(
                header + " ".repeat(4 - header.length() % 4 + 1), SafetensorsBytes.floats(1, 2)));
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            Parameter parameter = weights.parameter("w");
            assertThat(parameter.dtype()).isEqualTo(DType.F32);
            assertThat(parameter.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2);
        }
    }

    @Test
    void closingTwiceIsHarmlessAndUseAfterCloseIsAnError() {
        SafetensorsFile weights =
                SafetensorsFile.open(file(SafetensorsBytes.of(tensor("F32", "[1]", "[0,4]"), new byte[4])));
        Parameter parameter = weights.parameter("w");
        weights.close();
        weights.close();
        assertThatThrownBy(() -> parameter.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shrunkenRewrittenOrDeletedFileIsNoticed() throws IOException {
        byte[] bytes = SafetensorsBytes.of(tensor("F32", "[1]", "[0,4]"), new byte[4]);
        Path file = file(bytes);
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            weights.requireUnchanged();
            Files.write(file, new byte[3]);
            assertThatThrownBy(weights::requireUnchanged)
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("was " + bytes.length + " bytes when opened and is 3 now");
            Files.write(file, bytes);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            assertThatThrownBy(weights::requireUnchanged).hasMessageContaining("was modified at 1970");
            Files.delete(file);
            assertThatThrownBy(weights::requireUnchanged).hasMessageContaining("is gone since it was opened");
        }
    }

    @Test
    void missingFilesFoldersAndUnknownKindsAreRefused() {
        assertThatThrownBy(() -> WeightFile.open(folder.resolve("a.safetensors")))
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("not a file");
        assertThatThrownBy(() -> WeightFile.open(folder.resolve("a.gguf"))).hasMessageContaining("unknown kind");
        assertThatThrownBy(() -> WeightFile.openPart(folder)).hasMessageContaining("no weights in this folder");
    }
}
