package io.art2mus.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pickles written opcode by opcode, as PyTorch would write them or as nobody should. */
final class PickleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A flat state dict of one float32 tensor {@code w} on storage {@code 0}. */
    static byte[] stateDict(long storageElements, long offset, long[] extents, long[] strides) {
        return stateDict("w", storageElements, offset, extents, strides);
    }

    /** As above, of a tensor of that name. */
    static byte[] stateDict(String name, long storageElements, long offset, long[] extents, long[] strides) {
        return new PickleBytes()
                .start()
                .text(name)
                .tensor("FloatStorage", "0", storageElements, offset, extents, strides)
                .end();
    }

    /** Protocol 2 and an empty dictionary with a mark for its items. */
    PickleBytes start() {
        return opcodes(0x80, 2, '}', '(');
    }

    /** Items into the dictionary, and stop. */
    byte[] end() {
        return opcodes('u', '.').bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    PickleBytes opcodes(int... opcodes) {
        for (int opcode : opcodes) {
            out.write(opcode);
        }
        return this;
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(little(4).putInt(utf8.length).array());
        out.writeBytes(utf8);
        return this;
    }

    PickleBytes integer(long value) {
        out.write(0x8a);
        out.write(Long.BYTES);
        out.writeBytes(little(Long.BYTES).putLong(value).array());
        return this;
    }

    PickleBytes global(String module, String name) {
        out.write('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    PickleBytes tuple(long... values) {
        out.write('(');
        for (long value : values) {
            integer(value);
        }
        out.write('t');
        return this;
    }

    /** A persistent id of a storage. */
    PickleBytes storage(String type, String key, long elements) {
        opcodes('(');
        text("storage").global("torch", type).text(key).text("cpu").integer(elements);
        return opcodes('t', 'Q');
    }

    PickleBytes tensor(String type, String key, long elements, long offset, long[] extents, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").opcodes('(').storage(type, key, elements);
        integer(offset).tuple(extents).tuple(strides).opcodes(0x89);
        return global("collections", "OrderedDict").opcodes(')', 'R', 't', 'R');
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
