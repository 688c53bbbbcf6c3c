package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    private Path folder;

    /** The message is what Python's protobuf makes of {@code Event(wall_time=2, step=300, summary=[loss: 0.5])}. */
    @Test
    void aScalarIsEncodedAsTensorFlowEncodesIt() throws Exception {
        Path file = folder.resolve("events");
        try (EventFile events = new EventFile(file, 1)) {
            events.scalar(2, 300, "loss", 0.5f);
        }
        List<byte[]> records = records(file);
        assertThat(new String(records.getFirst(), StandardCharsets.ISO_8859_1)).endsWith("brain.Event:2");
        assertThat(HexFormat.of().formatHex(records.get(1)))
                .isEqualTo("09" + "0000000000000040" + "10ac02" + "2a0d" + "0a0b" + "0a04" + "6c6f7373" + "150000003f");
    }

    @Test
    void anotherRunGoesOnInTheSameFile() throws Exception {
        Path file = folder.resolve("events");
        for (int run = 0; run < 2; run++) {
            try (EventFile events = new EventFile(file, 1)) {
                events.scalar(2, run, "loss", 0.5f);
                events.picture(2, run, "spectrogram", 3, 2, new byte[300]);
            }
        }
        assertThat(records(file)).hasSize(5);
    }

    /** A known value: CRC-32C of "123456789" is e3069283. */
    @Test
    void checksumsAreRotatedAndShifted() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(EventFile.maskedCrc(digits, 0, digits.length))
                .isEqualTo(((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8);
    }

    private static List<byte[]> records(Path file) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int begin = bytes.position();
            byte[] record = new byte[Math.toIntExact(bytes.getLong())];
            assertThat(bytes.getInt()).isEqualTo(EventFile.maskedCrc(bytes.array(), begin, Long.BYTES));
            bytes.get(record);
            assertThat(bytes.getInt()).isEqualTo(EventFile.maskedCrc(record, 0, record.length));
            records.add(record);
        }
        return records;
    }
}
