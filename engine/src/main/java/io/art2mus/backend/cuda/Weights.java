package io.art2mus.backend.cuda;

import io.art2mus.ffi.MappedPages;
import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Value;
import io.art2mus.kernels.Elements;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plan's parameters on the device, in the layouts its steps read; uploaded when they are first asked for. */
final class Weights {
    private final Map<Value, Parameter> parameters;
    private final Elements elements;
    private final DeviceArena arena;
    private final Staging staging;
    private final Map<Key, Long> addresses = new HashMap<>();

    /** Parameters in one layout, one after the other along their first axis. */
    private record Key(List<Value> values, Layout layout) {}

    Weights(Map<Value, Parameter> parameters, Elements elements, DeviceArena arena, Staging staging) {
        this.parameters = parameters;
        this.elements = elements;
        this.arena = arena;
        this.staging = staging;
    }

    /** Bytes of all parameters of a graph, each in the one layout that it probably has. */
    static long expectedBytes(Map<Value, Parameter> parameters, Elements elements) {
        return parameters.values().stream()
                .mapToLong(parameter -> DeviceArena.aligned(parameter.shape().elements()
                        * (parameter.shape().rank() == 1 ? Float.BYTES : elements.bytes())))
                .sum();
    }

    boolean holds(Value value) {
        return parameters.containsKey(value);
    }

    /** Address of a parameter in a layout. */
    long address(Value value, Layout layout) {
        return address(List.of(value), layout);
    }

    /** Address of several, one after the other along their first axis. */
    long address(List<Value> values, Layout layout) {
        Key key = new Key(values, layout);
        Long known = addresses.get(key);
        if (known == null) {
            known = uploaded(key);
            addresses.put(key, known);
        }
        return known;
    }

    /** Those that lie behind one another may be asked for one by one later, as on the way back. */
    private void rememberParts(Key key, Elements stored, long first) {
        long address = first;
        for (Value part : key.values) {
            addresses.putIfAbsent(new Key(List.of(part), key.layout), address);
            address += part.shape().elements() * stored.bytes();
        }
    }

    private long uploaded(Key key) {
        Elements stored = key.layout == Layout.FLOATS ? Elements.F32 : elements;
        List<Parameter> parts = key.values.stream().map(this::parameter).toList();
        long count = parts.stream().mapToLong(part -> part.shape().elements()).sum();
        DeviceArena.Room room = arena.allocate(count * stored.bytes());
        staging.upload(room, data -> {
            long offset = 0;
            for (Parameter part : parts) {
                long bytes = part.shape().elements() * stored.bytes();
                write(part, key.layout, stored, data.asSlice(offset, bytes));
                offset += bytes;
            }
        });
        parts.forEach(part -> MappedPages.release(part.data()));
        rememberParts(key, stored, room.address());
        return room.address();
    }

    private Parameter parameter(Value value) {
        Parameter parameter = parameters.get(value);
        if (parameter == null) {
            throw new IllegalStateException(value + " is no parameter");
        }
        return switch (parameter.dtype()) {
            case F32, F16, BF16 -> parameter;
            case F64, I64, I32 ->
                throw new IllegalArgumentException(
                        parameter.path() + " is stored as " + parameter.dtype() + ", expected F32, F16 or BF16");
        };
    }

    private static void write(Parameter parameter, Layout layout, Elements stored, MemorySegment data) {
        Parameter turned = switch (layout) {
            case FLOATS, PLAIN -> parameter;
            case CHANNELS_LAST, FIRST_LAST -> parameter.permuted(layout.axes());
        };
        if (turned.isContiguous() && turned.dtype() == Numbers.stored(stored)) {
            data.copyFrom(turned.data().asSlice(0, data.byteSize()));
            return;
        }
        long length = turned.shape().last();
        for (long row = 0; row < turned.shape().elements() / length; row++) {
            writeRow(turned, row, data, stored);
        }
    }

    private static void writeRow(Parameter from, long row, MemorySegment data, Elements stored) {
        DType dtype = from.dtype();
        long first = from.rowStart(row);
        long step = from.strides().getLast();
        long length = from.shape().last();
        for (long i = 0; i < length; i++) {
            Numbers.set(data, stored, row * length + i, (float) dtype.read(from.data(), first + i * step));
        }
    }
}
