package io.art2mus.encoder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * The character replacements that SentencePiece compiles into a T5 tokenizer: the byte length of a double-array trie, the
 * trie in units of 32 bits, and the replacing texts, each ended by a zero byte. The native reader follows the trie without
 * looking at its bounds, so they are checked here.
 *
 * @see <a href="https://github.com/s-yata/darts-clone">the trie's layout</a>
 */
final class PrecompiledCharacterMap {
    private final ByteBuffer units;
    private final int count;
    private final byte[] texts;

    private PrecompiledCharacterMap(ByteBuffer units, byte[] texts) {
        this.units = units;
        this.count = units.remaining() / Integer.BYTES;
        this.texts = texts;
    }

    /** Whether every text leads through the trie and to a replacement without leaving either. */
    static boolean isSound(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        if (bytes.length < Integer.BYTES) {
            return false;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int trieBytes = buffer.getInt();
        if (trieBytes <= 0 || trieBytes % Integer.BYTES != 0 || trieBytes > buffer.remaining()) {
            return false;
        }
        byte[] texts = new byte[buffer.remaining() - trieBytes];
        buffer.get(buffer.position() + trieBytes, texts);
        ByteBuffer units = buffer.slice(buffer.position(), trieBytes).order(ByteOrder.LITTLE_ENDIAN);
        return isUtf8(texts) && new PrecompiledCharacterMap(units, texts).staysInside();
    }

    private boolean staysInside() {
        BitSet seen = new BitSet(count);
        Deque<Integer> bases = new ArrayDeque<>();
        bases.push(offset(unit(0)));
        while (!bases.isEmpty()) {
            int base = bases.pop();
            for (int letter = 1; letter < 256; letter++) {
                int node = base ^ letter;
                if (node < 0 || node >= count) {
                    return false;
                }
                int unit = unit(node);
                if (label(unit) != letter || seen.get(node)) {
                    continue;
                }
                seen.set(node);
                int next = node ^ offset(unit);
                if (hasLeaf(unit) && (next < 0 || next >= count || !beginsText(value(unit(next))))) {
                    return false;
                }
                bases.push(next);
            }
        }
        return true;
    }

    private boolean beginsText(int position) {
        boolean inside = position >= 0 && position <= texts.length;
        return inside && (position == texts.length || (texts[position] & 0xC0) != 0x80);
    }

    private int unit(int index) {
        return units.getInt(index * Integer.BYTES);
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private static int label(int unit) {
        return unit & (1 << 31 | 0xFF);
    }

    private static boolean hasLeaf(int unit) {
        return (unit & 1 << 8) != 0;
    }

    private static int value(int unit) {
        return unit & Integer.MAX_VALUE;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return decoded.length() <= bytes.length;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
