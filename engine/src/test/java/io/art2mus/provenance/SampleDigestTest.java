package io.art2mus.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.audio.Sound;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests of samples. */
class SampleDigestTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, (1 << 14) - 1, 1 << 14, (1 << 14) + 1, 100_003})
    void samplesAreDigestedAsLittleEndianFloats(int length) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(length * 4).order(ByteOrder.LITTLE_ENDIAN);
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = Sound.allocate(arena, length, 16_000);
            for (int i = 0; i < length; i++) {
                sound.set(i, (float) Math.sin(i));
                bytes.putFloat((float) Math.sin(i));
            }
            String expected = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
            assertThat(SampleDigest.of(sound)).isEqualTo(expected);
        }
    }

    @Test
    void silenceHasTheDigestOfZeros() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(SampleDigest.of(Sound.allocate(arena, 16, 16_000)))
                    .isEqualTo("f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
        }
    }
}
