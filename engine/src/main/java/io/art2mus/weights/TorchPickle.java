package io.art2mus.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the pickle of a state dict: the opcodes PyTorch writes for a flat dictionary of tensors, and no other. A pickle
 * is a program for a stack machine that may call anything; this machine knows how to build a dictionary, a tuple and a
 * tensor's description, and refuses the rest by name.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">the opcodes</a>
 */
final class TorchPickle {
    /** A state dict takes about a hundred bytes a tensor; this would be more than a hundred thousand tensors. */
    private static final long LONGEST_PICKLE = 16 << 20;
    /** Python's pickler puts at most 1000 items on the stack before it stores them. */
    private static final int DEEPEST_STACK = 10_000;
    /** Things ever put on the stack, some thirteen a tensor: what bounds the heap. */
    private static final int MOST_OBJECTS = 2_000_000;

    private static final int LONGEST_NAME = 2_000;

    /** Stands for Python's None, since the stack holds no null. */
    private enum None {
        NONE
    }

    /** Where a tuple or a run of items begins on the stack. */
    private enum Mark {
        MARK
    }

    private final MappedFile file;
    private final MemorySegment pickle;
    private final List<Object> stack = new ArrayList<>();
    private final List<Object> memo = new ArrayList<>();
    private long position;
    private int objects;

    private TorchPickle(MappedFile file, MemorySegment pickle) {
        this.file = file;
        this.pickle = pickle;
    }

    /** The tensors of a flat state dict, in its order. */
    static Map<String, TorchTensor> read(MappedFile file, MemorySegment pickle) {
        if (pickle.byteSize() > LONGEST_PICKLE) {
            throw file.damaged("the pickle is longer than " + LONGEST_PICKLE + " bytes");
        }
        return new TorchPickle(file, pickle).run();
    }

    private Map<String, TorchTensor> run() {
        boolean running = true;
        while (running) {
            running = step();
        }
        Dictionary stateDict = dictionary(pop());
        if (!stack.isEmpty() || position != pickle.byteSize()) {
            throw refused("holds more than one dictionary");
        }
        return tensors(stateDict);
    }

    private Map<String, TorchTensor> tensors(Dictionary stateDict) {
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        stateDict.forEach((name, value) -> {
            if (!(value instanceof TorchTensor tensor)) {
                throw new WeightsException(
                        name + " is no tensor",
                        file.path(),
                        "save the bare state dict with torch.save(model.state_dict(), …)");
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }

    /** Runs one opcode; false after STOP. */
    private boolean step() {
        int opcode = unsignedByte();
        switch (opcode) {
            case 0x80 -> requireProtocol(unsignedByte());
            case '.' -> {
                return false;
            }
            case 'c' -> push(global(line(), line()));
            case 'X' -> push(text(unsignedInt()));
            case 'K' -> push((long) unsignedByte());
            case 'M' -> push((long) (unsignedByte() | unsignedByte() << 8));
            case 'J' -> push((long) (int) unsignedInt());
            case 0x8a -> push(longInteger(unsignedByte()));
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case '(' -> push(Mark.MARK);
            case ')' -> push(List.of());
            case 't' -> push(popToMark());
            case 0x85 -> push(List.of(pop()));
            case 0x86 -> push(popLast(2));
            case 0x87 -> push(popLast(3));
            case '}' -> push(new Dictionary());
            case 's' -> setItems(popLast(2));
            case 'u' -> setItems(popToMark());
            case 'q' -> remember(unsignedByte());
            case 'r' -> remember(unsignedInt());
            case 'h' -> push(recall(unsignedByte()));
            case 'j' -> push(recall(unsignedInt()));
            case 'Q' -> push(storage(tuple(pop())));
            case 'R' -> call();
            case 'b' -> ignoreState();
            default -> throw refused("has the opcode 0x%02x, which no state dict needs,".formatted(opcode));
        }
        return true;
    }

    private void requireProtocol(int protocol) {
        if (protocol != 2) {
            throw refused("is of protocol " + protocol + ", not 2,");
        }
    }

    private TorchGlobal global(String module, String name) {
        Optional<TorchGlobal> known = TorchGlobal.of(module, name);
        return known.orElseThrow(() -> new WeightsException(
                "the pickle calls for " + module + "." + name + ", which may run code",
                file.path(),
                "use a file that holds tensors only"));
    }

    private void call() {
        List<Object> arguments = tuple(pop());
        if (!(pop() instanceof TorchGlobal.Callable callable)) {
            throw refused("calls what is no function");
        }
        push(
                switch (callable) {
                    case ORDERED_DICT -> emptyDictionary(arguments);
                    case REBUILD_TENSOR -> tensor(arguments);
                    case REBUILD_PARAMETER -> tensorOf(arguments);
                });
    }

    private Dictionary emptyDictionary(List<Object> arguments) {
        if (!arguments.isEmpty()) {
            throw refused("builds an OrderedDict from arguments");
        }
        return new Dictionary();
    }

    /** (storage, offset, extents, strides, requires_grad, hooks) as {@code torch._utils._rebuild_tensor_v2} takes them. */
    private TorchTensor tensor(List<Object> arguments) {
        if (arguments.size() != 6
                || !(arguments.get(0) instanceof TorchTensor.Storage storage)
                || !(arguments.get(1) instanceof Long offset)) {
            throw refused("rebuilds a tensor from other arguments than PyTorch's");
        }
        return new TorchTensor(storage, offset, counts(arguments.get(2)), counts(arguments.get(3)));
    }

    /** (tensor, requires_grad, hooks) as {@code torch._utils._rebuild_parameter} takes them. */
    private TorchTensor tensorOf(List<Object> arguments) {
        if (arguments.size() != 3 || !(arguments.get(0) instanceof TorchTensor tensor)) {
            throw refused("rebuilds a parameter from other arguments than PyTorch's");
        }
        return tensor;
    }

    /** A persistent id: ("storage", storage class, key, device, elements). */
    private TorchTensor.Storage storage(List<Object> id) {
        if (id.size() != 5
                || !id.get(0).equals("storage")
                || !(id.get(1) instanceof TorchGlobal.Storage storage)
                || !(id.get(2) instanceof String key)
                || !(id.get(4) instanceof Long elements)) {
            throw refused("refers to something that is no storage");
        }
        return new TorchTensor.Storage(storage.type(), key, elements);
    }

    /** BUILD sets attributes; a state dict has one, {@code _metadata}, that holds module versions nobody needs. */
    private void ignoreState() {
        pop();
        dictionary(peek());
    }

    private void setItems(List<Object> items) {
        Dictionary dictionary = dictionary(peek());
        if (items.size() % 2 != 0) {
            throw refused("stores a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof String key)) {
                throw refused("has a key that is no text");
            }
            if (dictionary.put(key, items.get(i + 1)) != null) {
                throw file.damaged(key + " is there twice");
            }
        }
    }

    /** Python numbers what it remembers one after the other; a gap would be room for an attack. */
    private void remember(long index) {
        if (index > memo.size() || index >= MOST_OBJECTS) {
            throw refused("remembers something as number " + index + " out of turn");
        }
        if (index == memo.size()) {
            memo.add(peek());
        } else {
            memo.set((int) index, peek());
        }
    }

    private Object recall(long index) {
        if (index >= memo.size()) {
            throw refused("recalls number " + index + ", which it never remembered");
        }
        return memo.get((int) index);
    }

    private void push(Object value) {
        objects++;
        if (objects > MOST_OBJECTS) {
            throw refused("makes more than " + MOST_OBJECTS + " objects");
        }
        if (stack.size() == DEEPEST_STACK) {
            throw refused("puts more than " + DEEPEST_STACK + " things on its stack");
        }
        stack.add(value);
    }

    private Object peek() {
        if (stack.isEmpty() || stack.getLast() == Mark.MARK) {
            throw refused("takes from an empty stack");
        }
        return stack.getLast();
    }

    private Object pop() {
        Object top = peek();
        stack.removeLast();
        return top;
    }

    private List<Object> popLast(int count) {
        Object[] values = new Object[count];
        for (int i = count - 1; i >= 0; i--) {
            values[i] = pop();
        }
        return List.of(values);
    }

    private List<Object> popToMark() {
        int mark = stack.lastIndexOf(Mark.MARK);
        if (mark < 0) {
            throw refused("closes what it never opened");
        }
        List<Object> values = List.copyOf(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return values;
    }

    @SuppressWarnings("unchecked") // every list on the stack was built here, of objects
    private List<Object> tuple(Object value) {
        if (!(value instanceof List<?>)) {
            throw refused("has something else where a tuple belongs");
        }
        return (List<Object>) value;
    }

    private Dictionary dictionary(Object value) {
        if (!(value instanceof Dictionary dictionary)) {
            throw refused("has something else where a dictionary belongs");
        }
        return dictionary;
    }

    private List<Long> counts(Object value) {
        List<Long> counts = new ArrayList<>();
        for (Object count : tuple(value)) {
            if (!(count instanceof Long number) || counts.size() == StoredTensor.MOST_AXES) {
                throw refused("has a shape that is no short list of whole numbers");
            }
            counts.add(number);
        }
        return List.copyOf(counts);
    }

    private int unsignedByte() {
        if (position >= pickle.byteSize()) {
            throw refused("ends in the middle");
        }
        return pickle.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    private long unsignedInt() {
        return bytes(Integer.BYTES).getInt() & 0xffff_ffffL;
    }

    /** Little-endian two's complement of {@code length} bytes. */
    private long longInteger(int length) {
        if (length > Long.BYTES) {
            throw refused("has a number of " + length + " bytes");
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            number |= (long) unsignedByte() << (Byte.SIZE * i);
        }
        int unused = Long.SIZE - Byte.SIZE * length;
        return length == 0 ? 0 : number << unused >> unused;
    }

    private String text(long length) {
        if (length > LONGEST_NAME) {
            throw refused("has a text of " + length + " bytes");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes(length)).toString();
        } catch (CharacterCodingException notText) {
            throw refused("has a text that is no UTF-8");
        }
    }

    /** ASCII up to the end of the line. */
    private String line() {
        StringBuilder line = new StringBuilder();
        for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
            if (line.length() == LONGEST_NAME) {
                throw refused("has a name of more than " + LONGEST_NAME + " bytes");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private ByteBuffer bytes(long length) {
        if (length > pickle.byteSize() - position) {
            throw refused("ends in the middle");
        }
        ByteBuffer bytes = pickle.asSlice(position, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        position += length;
        return bytes;
    }

    private WeightsException refused(String how) {
        return new WeightsException(
                "the pickle " + how + " at byte " + position,
                file.path(),
                "save the bare state dict with torch.save(model.state_dict(), …)");
    }

    /** A Python dictionary with text keys. A class of its own, so that its values need no type test. */
    private static final class Dictionary extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;
    }
}
