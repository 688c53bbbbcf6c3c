package io.art2mus.weights;

import io.art2mus.graph.DType;
import io.art2mus.weights.WeightWriter.Declaration;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the pickle of a state dict, in protocol 2: a dictionary in which every tensor is a whole storage of its own, numbered in
 * their order. {@link TorchPickle} reads the same few opcodes.
 */
final class StateDictPickle {
    /** Python's pickler stores its items in runs of so many; a longer one would only be a deeper stack. */
    private static final int RUN = 1_000;

    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    private StateDictPickle() {}

    /** The pickle of all tensors. */
    static byte[] of(List<Declaration> tensors) {
        StateDictPickle writer = new StateDictPickle();
        writer.put(0x80, 2);
        writer.emptyDictionary();
        for (int first = 0; first < tensors.size(); first += RUN) {
            writer.put('(');
            for (int key = first; key < Math.min(first + RUN, tensors.size()); key++) {
                writer.text(tensors.get(key).name());
                writer.tensor(tensors.get(key), key);
            }
            writer.put('u');
        }
        writer.put('.');
        return writer.pickle.toByteArray();
    }

    private void emptyDictionary() {
        global("collections", "OrderedDict");
        put(')', 'R');
    }

    /** A call of {@code _rebuild_tensor_v2}: storage, first element, extents, strides, no gradient, no hooks. */
    private void tensor(Declaration tensor, int key) {
        global("torch._utils", "_rebuild_tensor_v2");
        put('(');
        storage(tensor, key);
        number(0);
        numbers(tensor.shape().extents());
        numbers(tensor.shape().strides().stream().mapToLong(Long::longValue).toArray());
        put(0x89);
        emptyDictionary();
        put('t', 'R');
    }

    private void storage(Declaration tensor, int key) {
        put('(');
        text("storage");
        global("torch", storageClass(tensor.dtype()));
        text(Integer.toString(key));
        text("cpu");
        number(tensor.shape().elements());
        put('t', 'Q');
    }

    private static String storageClass(DType dtype) {
        return switch (dtype) {
            case F64 -> "DoubleStorage";
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case I64 -> "LongStorage";
            case I32 -> "IntStorage";
        };
    }

    private void global(String module, String name) {
        put('c');
        pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put('X');
        pickle.writeBytes(little(Integer.BYTES).putInt(bytes.length).array());
        pickle.writeBytes(bytes);
    }

    private void numbers(long[] numbers) {
        put('(');
        for (long number : numbers) {
            number(number);
        }
        put('t');
    }

    /** The shortest form: Python reads all of them, and PyTorch's own reader does. */
    private void number(long number) {
        if (number < 1 << Byte.SIZE) {
            put('K', (int) number);
        } else if (number <= Integer.MAX_VALUE) {
            put('J');
            pickle.writeBytes(little(Integer.BYTES).putInt((int) number).array());
        } else {
            put(0x8a, Long.BYTES);
            pickle.writeBytes(little(Long.BYTES).putLong(number).array());
        }
    }

    private void put(int... bytes) {
        for (int value : bytes) {
            pickle.write(value);
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
