package io.art2mus.encoder;

import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A batch of tokenised texts of one length.
 *
 * @param shape {@code [N, L]}
 * @param ids vocabulary entries, int64
 * @param mask 1 for a text's own tokens, 0 for padding, int64
 */
public record Tokens(Shape shape, MemorySegment ids, MemorySegment mask) {
    public Tokens {
        long bytes = shape.elements() * Long.BYTES;
        if (shape.rank() != 2 || ids.byteSize() != bytes || mask.byteSize() != bytes) {
            throw new IllegalArgumentException("tokens " + shape + " need " + bytes + " bytes of ids and of mask, not "
                    + ids.byteSize() + " and " + mask.byteSize());
        }
    }

    /** Texts of padding alone, with id 0, owned by {@code arena}. */
    static Tokens allocate(Arena arena, long texts, long length) {
        Shape shape = Shape.of(texts, length);
        return new Tokens(
                shape,
                arena.allocate(ValueLayout.JAVA_LONG, shape.elements()),
                arena.allocate(ValueLayout.JAVA_LONG, shape.elements()));
    }

    /** Number of texts. */
    public long texts() {
        return shape.extent(0);
    }

    /** Tokens of each text, padding included. */
    public long length() {
        return shape.extent(1);
    }

    /** Vocabulary entry at a position of a text. */
    public long id(long text, long position) {
        return ids.getAtIndex(ValueLayout.JAVA_LONG, text * length() + position);
    }

    /** Whether a position holds a token of the text's own, not padding. */
    public boolean isOwn(long text, long position) {
        return mask.getAtIndex(ValueLayout.JAVA_LONG, text * length() + position) != 0;
    }

    /** Ids and mask in words, different for different tokens. */
    public String toText() {
        return shape + " " + Arrays.toString(ids.toArray(ValueLayout.JAVA_LONG)) + " "
                + Arrays.toString(mask.toArray(ValueLayout.JAVA_LONG));
    }

    void set(long text, long position, long id, boolean own) {
        long index = text * length() + position;
        ids.setAtIndex(ValueLayout.JAVA_LONG, index, id);
        mask.setAtIndex(ValueLayout.JAVA_LONG, index, own ? 1 : 0);
    }

    /** Refuses ids outside a vocabulary: the tokenizer belongs to another encoder. */
    void requireWithin(long vocabulary, String encoder) {
        for (long index = 0; index < shape.elements(); index++) {
            long id = ids.getAtIndex(ValueLayout.JAVA_LONG, index);
            if (id < 0 || id >= vocabulary) {
                throw new ShapeException("token " + id + " is not in the vocabulary of " + encoder + ", " + vocabulary
                        + " entries; do tokenizer and encoder belong together?");
            }
        }
    }
}
