package io.art2mus.provenance;

import io.art2mus.audio.Sound;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** SHA-256 of a waveform's samples as float32, little-endian, whatever a file makes of them. */
public final class SampleDigest {
    /** Samples that are copied to the heap at a time. */
    private static final int BLOCK = 1 << 14;

    private SampleDigest() {}

    /** The digest in hexadecimal. */
    public static String of(Sound sound) {
        MessageDigest digest = Sha256.start();
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long start = 0; start < sound.length(); start += BLOCK) {
            bytes.clear();
            long end = Math.min(sound.length(), start + BLOCK);
            for (long i = start; i < end; i++) {
                bytes.putInt(sound.samples().getAtIndex(ValueLayout.JAVA_INT, i));
            }
            digest.update(bytes.flip());
        }
        return Sha256.finish(digest);
    }
}
