package io.art2mus.encoder.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugePictureTest {
    private static final int SIDE = 20_000;
    private static final int ROW_BYTES = SIDE * 3;

    @TempDir
    private Path folder;

    /** The tests' heap is 512 MiB; the picture is 1144 MiB. */
    @Test
    void pictureLargerThanTheHeapIsRead() throws IOException {
        Path file = folder.resolve("huge.png");
        SquareResize expected = new SquareResize(SIDE, SIDE, PictureFrontEnd.SIDE);
        writePng(file, expected);
        assertThat(Runtime.getRuntime().maxMemory()).isLessThan((long) SIDE * ROW_BYTES);

        long start = System.nanoTime();
        byte[] square = PictureFrontEnd.square(file, PictureReader.WHOLE_PIXELS);

        System.out.printf("%d x %d PNG: %.1f s%n", SIDE, SIDE, (System.nanoTime() - start) / 1e9);
        assertThat(square).isEqualTo(expected.finish());
    }

    private static void writePng(Path file, SquareResize rows) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(data, fast, 1 << 16)) {
            byte[] row = new byte[ROW_BYTES];
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    row[3 * x] = (byte) (x >> 6);
                    row[3 * x + 1] = (byte) (y >> 6);
                    row[3 * x + 2] = (byte) ((x + y) >> 8);
                }
                deflated.write(0);
                deflated.write(row);
                rows.row(y, row);
            }
        } finally {
            fast.end();
        }
        try (DataOutputStream png = new DataOutputStream(Files.newOutputStream(file))) {
            png.writeLong(0x89504e470d0a1a0aL);
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(header);
            fields.writeInt(SIDE);
            fields.writeInt(SIDE);
            fields.write(new byte[] {8, 2, 0, 0, 0});
            writeChunk(png, "IHDR", header.toByteArray());
            writeChunk(png, "IDAT", data.toByteArray());
            writeChunk(png, "IEND", new byte[0]);
        }
    }

    private static void writeChunk(DataOutputStream png, String type, byte[] data) throws IOException {
        CRC32 checksum = new CRC32();
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        checksum.update(name);
        checksum.update(data);
        png.writeInt(data.length);
        png.write(name);
        png.write(data);
        png.writeInt((int) checksum.getValue());
    }
}
