package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pickle may say of its tensors, and what it may not. */
class TorchFileTest {
    private static final byte[] STORAGE = SafetensorsBytes.floats(0, 1, 2, 3, 4, 5);

    @TempDir
    private Path folder;

    private Path file(byte[] bytes) {
        return SafetensorsBytes.write(folder.resolve("w.pth"), bytes);
    }

    private Path file(byte[] pickle, byte[] storage) {
        return file(TorchBytes.of(pickle, storage).bytes());
    }

    private static long[] counts(long... counts) {
        return counts;
    }

    @Test
    void stridedViewsOfOneStorageStayMapped() {
        byte[] pickle = new PickleBytes()
                .start()
                .text("transposed")
                .tensor("FloatStorage", "0", 6, 0, counts(3, 2), counts(1, 3))
                .text("last")
                .tensor("FloatStorage", "0", 6, 5, counts(), counts())
                .end();
        try (TorchFile weights = TorchFile.open(file(pickle, STORAGE))) {
            Parameter transposed = weights.parameter("transposed");
            assertThat(transposed.isContiguous()).isFalse();
            assertThat(transposed.transposed().isContiguous()).isTrue();
            assertThat(transposed.data().byteSize()).isEqualTo(STORAGE.length);
            Parameter last = weights.parameter("last");
            assertThat(last.shape()).isEqualTo(Shape.of());
            assertThat(last.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(5);
        }
    }

    @Test
    void modelTakesNeitherDoublesNorAnotherNumberOfAxes() {
        byte[] pickle = new PickleBytes()
                .start()
                .text("w")
                .tensor("DoubleStorage", "0", 3, 0, counts(3), counts(1))
                .end();
        try (TorchFile weights = TorchFile.open(file(pickle, STORAGE))) {
            assertThatThrownBy(() -> weights.tree().parameter("w", Shape.of(3)))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("w is F64, expected F32, F16 or BF16");
            assertThatThrownBy(() -> weights.tree().shapeOf("w", 2))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("w is [3], expected 2 axes");
        }
    }

    @ParameterizedTest
    @CsvSource({"DoubleStorage, F64, 8", "HalfStorage, F16, 2", "BFloat16Storage, BF16, 2", "LongStorage, I64, 8"})
    void storageClassGivesTheType(String storage, DType dtype, int bytes) {
        byte[] pickle = new PickleBytes()
                .start()
                .text("w")
                .tensor(storage, "0", 3, 0, counts(3), counts(1))
                .end();
        try (TorchFile weights = TorchFile.open(file(pickle, new byte[3 * bytes]))) {
            assertThat(weights.parameter("w").dtype()).isEqualTo(dtype);
        }
    }

    @Test
    void parameterIsReadAsItsTensor() {
        byte[] pickle = new PickleBytes()
                .start()
                .text("w")
                .global("torch._utils", "_rebuild_parameter")
                .opcodes('(')
                .tensor("FloatStorage", "0", 6, 0, counts(6), counts(1))
                .opcodes(0x88)
                .global("collections", "OrderedDict")
                .opcodes(')', 'R', 't', 'R')
                .end();
        try (TorchFile weights = TorchFile.open(file(pickle, STORAGE))) {
            assertThat(weights.shapeOf("w")).isEqualTo(Shape.of(6));
        }
    }

    static Stream<Arguments> viewsThatLie() {
        return Stream.of(
                Arguments.of("past the end", 6, 0, counts(7), counts(1), "leaves its storage"),
                Arguments.of("offset past the end", 6, 6, counts(1), counts(1), "leaves its storage"),
                Arguments.of("stride past the end", 6, 0, counts(2), counts(6), "leaves its storage"),
                Arguments.of("negative offset", 6, -1, counts(1), counts(1), "leaves its storage"),
                Arguments.of("negative stride", 6, 5, counts(6), counts(-1), "leaves its storage"),
                Arguments.of("negative extent", 6, 0, counts(-6), counts(1), "leaves its storage"),
                Arguments.of("more strides than extents", 6, 0, counts(6), counts(1, 1), "leaves its storage"),
                Arguments.of("elements shown many times", 6, 0, counts(1 << 20), counts(0), "leaves its storage"),
                Arguments.of("stride that overflows", 6, 0, counts(3), counts(Long.MAX_VALUE), "larger than any file"),
                Arguments.of("offset that overflows", 6, Long.MAX_VALUE, counts(1), counts(1), "larger than any file"),
                Arguments.of(
                        "extents that overflow",
                        6,
                        0,
                        counts(1L << 40, 1L << 40),
                        counts(0, 0),
                        "larger than any file"),
                Arguments.of("storage larger than its entry", 7, 0, counts(7), counts(1), "whose entry is 24 bytes"),
                Arguments.of("storage smaller than its entry", 5, 0, counts(5), counts(1), "whose entry is 24 bytes"),
                Arguments.of("storage of 2^62", 1L << 62, 0, counts(1), counts(1), "larger than any file"),
                Arguments.of("storage of less than nothing", -6, 0, counts(1), counts(1), "whose entry is 24 bytes"),
                Arguments.of("many axes", 6, 0, new long[17], new long[17], "a shape that is no short list"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("viewsThatLie")
    void viewThatLeavesItsStorageIsRefused(
            String lie, long elements, long offset, long[] extents, long[] strides, String message) {
        Path file = file(PickleBytes.stateDict(elements, offset, extents, strides), STORAGE);
        assertRefused(file, message);
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "__builtin__, exec",
        "torch, load",
        "torch._utils, _rebuild_tensor",
        "torch.nn.modules.linear, Linear",
        "torch, TypedStorage",
        "collections, defaultdict",
        "numpy.core.multiarray, _reconstruct"
    })
    void anyOtherGlobalIsRefusedByName(String module, String name) {
        byte[] pickle = new PickleBytes()
                .start()
                .text("w")
                .global(module, name)
                .opcodes('(')
                .text("echo")
                .opcodes('t', 'R')
                .end();
        assertRefused(file(pickle, STORAGE), "the pickle calls for " + module + "." + name + ", which may run code");
    }

    static Stream<Arguments> picklesThatAreNone() {
        return Stream.of(
                Arguments.of("empty", new byte[0], "ends in the middle"),
                Arguments.of("no stop", new PickleBytes().opcodes(0x80, 2, '}').bytes(), "ends in the middle"),
                Arguments.of(
                        "protocol 4",
                        new PickleBytes().opcodes(0x80, 4, '}', '.').bytes(),
                        "is of protocol 4"),
                Arguments.of("stop at once", new PickleBytes().opcodes('.').bytes(), "takes from an empty stack"),
                Arguments.of(
                        "no dictionary", new PickleBytes().opcodes(')', '.').bytes(), "where a dictionary belongs"),
                Arguments.of(
                        "two dictionaries",
                        new PickleBytes().opcodes('}', '}', '.').bytes(),
                        "more than one"),
                Arguments.of(
                        "something after",
                        new PickleBytes().opcodes('}', '.', '}').bytes(),
                        "more than one"),
                Arguments.of(
                        "text cut short",
                        new PickleBytes().opcodes('X', 9, 0, 0, 0, 'a').bytes(),
                        "in the middle"),
                Arguments.of(
                        "text of 4 GiB",
                        new PickleBytes().opcodes('X', 255, 255, 255, 255).bytes(),
                        "has a text of 4294967295 bytes"),
                Arguments.of(
                        "text that is none",
                        new PickleBytes().opcodes('X', 1, 0, 0, 0, 255).bytes(),
                        "that is no UTF-8"),
                Arguments.of(
                        "number of 255 bytes",
                        new PickleBytes().opcodes(0x8a, 255).bytes(),
                        "number of 255 bytes"),
                Arguments.of("unknown memo", new PickleBytes().opcodes('h', 0).bytes(), "which it never remembered"),
                Arguments.of(
                        "memo in the far",
                        new PickleBytes().opcodes('}', 'r', 255, 255, 255, 255).bytes(),
                        "out of turn"),
                Arguments.of(
                        "mark closed twice", new PickleBytes().opcodes('t').bytes(), "closes what it never opened"),
                Arguments.of(
                        "item of a mark", new PickleBytes().opcodes('(', 0x85).bytes(), "takes from an empty stack"),
                Arguments.of(
                        "key is a number",
                        new PickleBytes().opcodes('}', 'K', 1, 'K', 2, 's', '.').bytes(),
                        "a key that is no text"),
                Arguments.of(
                        "key without value",
                        new PickleBytes().opcodes('}', '(').text("a").end(),
                        "stores a key without a value"),
                Arguments.of(
                        "duplicate name",
                        new PickleBytes()
                                .start()
                                .text("a")
                                .opcodes('N')
                                .text("a")
                                .opcodes('N')
                                .end(),
                        "a is there twice"),
                Arguments.of(
                        "value is no tensor",
                        new PickleBytes().start().text("epoch").integer(3).end(),
                        "epoch is no tensor"),
                Arguments.of(
                        "nested state dict",
                        new PickleBytes()
                                .start()
                                .text("state_dict")
                                .opcodes('}')
                                .end(),
                        "state_dict is no tensor"),
                Arguments.of(
                        "call of a number",
                        new PickleBytes().opcodes('K', 1, ')', 'R').bytes(),
                        "calls what is no function"),
                Arguments.of(
                        "storage called",
                        new PickleBytes()
                                .global("torch", "FloatStorage")
                                .opcodes(')', 'R')
                                .bytes(),
                        "calls what is no function"),
                Arguments.of(
                        "OrderedDict of something",
                        new PickleBytes()
                                .global("collections", "OrderedDict")
                                .tuple(1)
                                .opcodes('R')
                                .bytes(),
                        "builds an OrderedDict from arguments"),
                Arguments.of(
                        "tensor of nothing",
                        new PickleBytes()
                                .global("torch._utils", "_rebuild_tensor_v2")
                                .opcodes(')', 'R')
                                .bytes(),
                        "rebuilds a tensor from other arguments"),
                Arguments.of(
                        "parameter of nothing",
                        new PickleBytes()
                                .global("torch._utils", "_rebuild_parameter")
                                .opcodes(')', 'R')
                                .bytes(),
                        "rebuilds a parameter from other arguments"),
                Arguments.of(
                        "id of nothing", new PickleBytes().opcodes(')', 'Q').bytes(), "that is no storage"),
                Arguments.of(
                        "key outside the archive",
                        new PickleBytes()
                                .start()
                                .text("w")
                                .tensor("FloatStorage", "../../etc/passwd", 6, 0, counts(6), counts(1))
                                .end(),
                        "which the archive lacks"),
                Arguments.of(
                        "list", new PickleBytes().opcodes(']').bytes(), "the opcode 0x5d, which no state dict needs"),
                Arguments.of("new object", new PickleBytes().opcodes(0x81).bytes(), "the opcode 0x81"),
                Arguments.of("instance", new PickleBytes().opcodes('i').bytes(), "the opcode 0x69"),
                Arguments.of(
                        "name without end",
                        new PickleBytes().global("a".repeat(3_000), "").bytes(),
                        "a name of more than"),
                Arguments.of("pop", new PickleBytes().opcodes('0').bytes(), "the opcode 0x30"),
                Arguments.of("many on the stack", repeated('}', 10_001), "more than 10000 things on its stack"),
                Arguments.of("many objects, nested deep", repeated(0x85, 2_000_001), "makes more than 2000000 objects"),
                Arguments.of("longer than any", new byte[(16 << 20) + 1], "the pickle is longer than"));
    }

    private static byte[] repeated(int opcode, int times) {
        PickleBytes pickle = new PickleBytes().opcodes('}');
        for (int i = 0; i < times; i++) {
            pickle.opcodes(opcode);
        }
        return pickle.bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("picklesThatAreNone")
    void whatIsNoStateDictIsRefused(String name, byte[] pickle, String message) {
        assertRefused(file(pickle, STORAGE), message);
    }

    @Test
    void fileFromBeforeZipArchivesSaysHowToConvertIt() {
        byte[] legacy = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a
        };
        assertRefused(file(legacy), "before version 1.6");
        assertRefused(file(legacy), "torch.save(torch.load(path, weights_only=True), path)");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        assertRefused(file(new byte[0]), "no PyTorch file");
        assertRefused(file("<html>".getBytes(StandardCharsets.US_ASCII)), "no PyTorch file");
    }

    @Test
    void bigEndianTensorsAreRefused() {
        byte[] archive = new TorchBytes()
                .entry("w/data.pkl", PickleBytes.stateDict(1, 0, counts(1), counts(1)))
                .entry("w/byteorder", "big".getBytes(StandardCharsets.US_ASCII))
                .entry("w/data/0", new byte[4])
                .write()
                .bytes();
        assertRefused(file(archive), "not little-endian");
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> TorchFile.open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("w.pth")
                .message()
                .hasLineCount(1);
    }
}
