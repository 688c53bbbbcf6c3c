package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a PyTorch file's zip directory may say, and what it may not. */
class StoredZipTest {
    private static final long SEE_ZIP64 = 0xffff_ffffL;
    private static final int PICKLE = 0;
    private static final int STORAGE = 2;

    @TempDir
    private Path folder;

    private Path file(byte[] bytes) {
        return SafetensorsBytes.write(folder.resolve("w.pth"), bytes);
    }

    private void assertReadable(byte[] archive) {
        try (TorchFile weights = TorchFile.open(file(archive))) {
            assertThat(weights.parameter("w").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void archiveWithAndWithoutZip64RecordsIsReadable() {
        assertReadable(TorchBytes.honest().bytes());
        TorchBytes zip = TorchBytes.honest();
        assertReadable(zip.zip64(3, zip.end() - zip.directory(), zip.directory(), zip.end())
                .bytes());
    }

    @Test
    void entryOfTheLength64BitsSayIsReadable() {
        TorchBytes zip = archive(zip64(8)).central32(STORAGE, TorchBytes.SIZE, SEE_ZIP64);
        assertReadable(zip.bytes());
    }

    /** The honest archive, whose storage has this extra field in the directory. */
    private static TorchBytes archive(byte[] extra) {
        return new TorchBytes()
                .entry("w/data.pkl", PickleBytes.stateDict(2, 0, new long[] {2}, new long[] {1}))
                .entry("w/version", new byte[] {'3'})
                .entry("w/data/0", SafetensorsBytes.floats(1, 2), extra)
                .write();
    }

    /** A zip64 extra field of these values. */
    private static byte[] zip64(long... values) {
        ByteBuffer extra = ByteBuffer.allocate(4 + values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        extra.putShort((short) 1).putShort((short) (values.length * Long.BYTES));
        Arrays.stream(values).forEach(extra::putLong);
        return extra.array();
    }

    static Stream<Arguments> lies() {
        TorchBytes zip = TorchBytes.honest();
        int size = zip.end() - zip.directory();
        byte[] twice = Arrays.copyOf(zip64(8), 24);
        System.arraycopy(zip64(8), 0, twice, 12, 12);
        return Stream.of(
                Arguments.of("cut", Arrays.copyOf(zip.bytes(), zip.end()), "does not end with its directory"),
                Arguments.of("comment", TorchBytes.honest().end16(20, 1).bytes(), "has a comment"),
                Arguments.of("something appended", Arrays.copyOf(zip.bytes(), zip.end() + 30), "does not end with"),
                Arguments.of("volumes", TorchBytes.honest().end16(4, 1).bytes(), "one of several volumes"),
                Arguments.of("two counts", TorchBytes.honest().end16(8, 2).bytes(), "twice and differently"),
                Arguments.of(
                        "fewer entries than there are",
                        TorchBytes.honest().end16(8, 2).end16(10, 2).bytes(),
                        "more entries than it counts"),
                Arguments.of(
                        "more entries than there are",
                        TorchBytes.honest().end16(8, 4).end16(10, 4).bytes(),
                        "entry 3 of the directory is none"),
                Arguments.of(
                        "65535 entries and no zip64",
                        TorchBytes.honest().end16(8, 65535).end16(10, 65535).bytes(),
                        "entry 3 of the directory is none"),
                Arguments.of(
                        "directory elsewhere", TorchBytes.honest().end32(16, 0).bytes(), "where the archive says"),
                Arguments.of(
                        "directory far away",
                        TorchBytes.honest().end32(16, SEE_ZIP64).bytes(),
                        "where the archive"),
                Arguments.of(
                        "directory longer",
                        TorchBytes.honest().end32(12, size + 1).bytes(),
                        "where the archive says"),
                Arguments.of(
                        "compressed storage",
                        TorchBytes.honest()
                                .central16(STORAGE, TorchBytes.METHOD, 8)
                                .bytes(),
                        "w/data/0 is compressed"),
                Arguments.of(
                        "compressed pickle",
                        TorchBytes.honest()
                                .central16(PICKLE, TorchBytes.METHOD, 8)
                                .bytes(),
                        "w/data.pkl is compressed"),
                Arguments.of(
                        "compressed in the local header alone",
                        TorchBytes.honest().local16(STORAGE, 8, 8).bytes(),
                        "w/data/0 has a header that contradicts the directory"),
                Arguments.of(
                        "encrypted",
                        TorchBytes.honest()
                                .central16(STORAGE, TorchBytes.FLAGS, 1)
                                .bytes(),
                        "w/data/0 is encrypted"),
                Arguments.of(
                        "bomb: packed smaller than unpacked",
                        TorchBytes.honest()
                                .central32(STORAGE, TorchBytes.SIZE, 0x7fff_ffffL)
                                .bytes(),
                        "w/data/0 has two sizes, 8 and 2147483647"),
                Arguments.of(
                        "longer than the archive",
                        TorchBytes.honest()
                                .central32(STORAGE, TorchBytes.SIZE, 0x7fff_ffffL)
                                .central32(STORAGE, TorchBytes.PACKED_SIZE, 0x7fff_ffffL)
                                .bytes(),
                        "w/data/0 leaves the archive"),
                Arguments.of(
                        "reaches into the directory",
                        TorchBytes.honest()
                                .central32(STORAGE, TorchBytes.SIZE, 9)
                                .central32(STORAGE, TorchBytes.PACKED_SIZE, 9)
                                .bytes(),
                        "w/data/0 leaves the archive"),
                Arguments.of(
                        "overlap",
                        TorchBytes.honest()
                                .central32(PICKLE, TorchBytes.SIZE, zip.local(STORAGE))
                                .central32(PICKLE, TorchBytes.PACKED_SIZE, zip.local(STORAGE))
                                .local32(PICKLE, 18, zip.local(STORAGE))
                                .local32(PICKLE, 22, zip.local(STORAGE))
                                .bytes(),
                        "w/byteorder overlaps the entry before it"),
                Arguments.of(
                        "local header elsewhere",
                        TorchBytes.honest()
                                .central32(STORAGE, TorchBytes.LOCAL_HEADER, 1)
                                .bytes(),
                        "w/data/0 has no header where"),
                Arguments.of(
                        "local header of another entry",
                        TorchBytes.honest()
                                .central32(STORAGE, TorchBytes.LOCAL_HEADER, 0)
                                .bytes(),
                        "w/data/0 has a header that contradicts"),
                Arguments.of(
                        "local header in the directory",
                        TorchBytes.honest()
                                .central32(STORAGE, TorchBytes.LOCAL_HEADER, zip.directory())
                                .bytes(),
                        "w/data/0 has no header where"),
                Arguments.of(
                        "local size",
                        TorchBytes.honest().local32(STORAGE, 22, 7).bytes(),
                        "that contradicts"),
                Arguments.of(
                        "zip64 missing",
                        archive(new byte[0]).central32(STORAGE, 24, SEE_ZIP64).bytes(),
                        "lacks its zip64"),
                Arguments.of("zip64 uncalled for", archive(zip64(8)).bytes(), "a zip64 field nothing calls for"),
                Arguments.of(
                        "zip64 too long",
                        archive(zip64(8, 8))
                                .central32(STORAGE, TorchBytes.SIZE, SEE_ZIP64)
                                .bytes(),
                        "a zip64 field nothing calls for"),
                Arguments.of(
                        "zip64 twice",
                        archive(twice)
                                .central32(STORAGE, TorchBytes.SIZE, SEE_ZIP64)
                                .bytes(),
                        "two zip64 fields"),
                Arguments.of(
                        "zip64 with 2^63 bytes",
                        archive(zip64(Long.MIN_VALUE, Long.MIN_VALUE))
                                .central32(STORAGE, TorchBytes.SIZE, SEE_ZIP64)
                                .central32(STORAGE, TorchBytes.PACKED_SIZE, SEE_ZIP64)
                                .bytes(),
                        "w/data/0 leaves the archive"),
                Arguments.of(
                        "zip64 with another length",
                        archive(zip64(9))
                                .central32(STORAGE, TorchBytes.SIZE, SEE_ZIP64)
                                .bytes(),
                        "two sizes, 8 and 9"),
                Arguments.of(
                        "zip64 with a header at 2^62",
                        archive(zip64(1L << 62))
                                .central32(STORAGE, TorchBytes.LOCAL_HEADER, SEE_ZIP64)
                                .bytes(),
                        "no header where the directory says"),
                Arguments.of(
                        "broken extra field", archive(new byte[] {1, 0, 99, 0}).bytes(), "a broken extra field"),
                Arguments.of("extra field cut", archive(new byte[3]).bytes(), "a broken extra field"),
                Arguments.of(
                        "zip64 end counts otherwise", zip64End(4, size, zip.directory()), "contradicts the plain one"),
                Arguments.of("zip64 end sizes otherwise", zip64End(3, size - 1, zip.directory()), "contradicts"),
                Arguments.of("zip64 end lies otherwise", zip64End(3, size, zip.directory() + 1), "contradicts"),
                Arguments.of(
                        "zip64 end elsewhere",
                        TorchBytes.honest()
                                .zip64(3, size, zip.directory(), zip.end() + 1)
                                .bytes(),
                        "the zip64 end record does not lie where"),
                Arguments.of(
                        "zip64 end at 2^63",
                        TorchBytes.honest()
                                .zip64(3, size, zip.directory(), Long.MIN_VALUE)
                                .bytes(),
                        "the zip64 end record does not lie where"),
                Arguments.of(
                        "zip64 directory of 2^63",
                        TorchBytes.honest()
                                .end32(12, SEE_ZIP64)
                                .zip64(3, Long.MIN_VALUE, zip.directory(), zip.end())
                                .bytes(),
                        "where the archive says"),
                Arguments.of(
                        "duplicate name",
                        new TorchBytes()
                                .entry("w/data/0", new byte[8])
                                .entry("w/data/0", new byte[8])
                                .write()
                                .bytes(),
                        "w/data/0 is there twice"),
                Arguments.of(
                        "two pickles",
                        new TorchBytes()
                                .entry("a/data.pkl", new byte[1])
                                .entry("b/data.pkl", new byte[1])
                                .write()
                                .bytes(),
                        "holds 2 pickles"),
                Arguments.of(
                        "no pickle at its place",
                        new TorchBytes()
                                .entry("a/b/data.pkl", new byte[1])
                                .write()
                                .bytes(),
                        "holds 0 pickles"));
    }

    private static byte[] zip64End(long count, long size, long offset) {
        TorchBytes zip = TorchBytes.honest();
        return zip.zip64(count, size, offset, zip.end()).bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void lyingDirectoryIsRefused(String lie, byte[] archive, String message) {
        Path file = file(archive);
        assertThatThrownBy(() -> TorchFile.open(file))
                .as(lie)
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("w.pth)")
                .message()
                .hasLineCount(1);
    }

    /** Such as the published ImageBind, 4.8 GB. The file is sparse: a hole lies between the pickle and the storage. */
    @Test
    void tensorBeyondFourGibibytesIsMapped() throws IOException {
        long storageAt = 5L << 30;
        byte[] pickle = PickleBytes.stateDict(2, 0, new long[] {2}, new long[] {1});
        byte[] near = local("w/data.pkl", pickle.length);
        byte[] far = local("w/data/0", 8);
        long directoryAt = storageAt + far.length + 8;
        byte[] directory = concat(
                central("w/data.pkl", pickle.length, 0, new byte[0]),
                central("w/data/0", 8, SEE_ZIP64, zip64(storageAt)));
        ByteBuffer end = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
        end.putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0);
        end.putLong(2).putLong(2).putLong(directory.length).putLong(directoryAt);
        end.putInt(0x07064b50).putInt(0).putLong(directoryAt + directory.length).putInt(1);
        end.putInt(0x06054b50).putInt(0).putShort((short) 2).putShort((short) 2);
        end.putInt(directory.length).putInt(-1).putShort((short) 0);
        Path path = folder.resolve("w.pth");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(near);
            file.write(pickle);
            file.seek(storageAt);
            file.write(far);
            file.write(SafetensorsBytes.floats(3, 4));
            file.write(directory);
            file.write(end.array());
        }
        try (TorchFile weights = TorchFile.open(path)) {
            assertThat(weights.tree().parameter("w", Shape.of(2)).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(3, 4);
        }
    }

    private static byte[] local(String name, int length) {
        ByteBuffer header = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x04034b50).putInt(18, length).putInt(22, length).putShort(26, (short) name.length());
        return concat(header.array(), name.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] central(String name, int length, long header, byte[] extra) {
        ByteBuffer record = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0x02014b50).putInt(20, length).putInt(24, length).putShort(28, (short) name.length());
        record.putShort(30, (short) extra.length).putInt(42, (int) header);
        return concat(record.array(), concat(name.getBytes(StandardCharsets.US_ASCII), extra));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
