package io.art2mus.backend.cpu;

import io.art2mus.backend.Bfloat16;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.MappedPages;
import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.Execution;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Reorder;
import io.art2mus.graph.DType;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A plan's parameters in the layouts its primitives chose. A float32 parameter that a primitive takes as it is stored stays where
 * its file is mapped.
 */
final class Weights {
    private static final long END_BYTES = 256;

    private final Target target;
    private final HandleScope scope;
    private final Arena arena;
    private final Map<Value, Parameter> parameters;
    private final @Nullable RepackedWeights repacked;
    private final Map<View, Operand> packed = new HashMap<>();
    private final Map<Value, MemorySegment> plain = new HashMap<>();
    private final Map<Value, MemorySegment> halves = new HashMap<>();

    /** A parameter, or what is computed from it, with its axes in some order: forwards and backwards want different ones. */
    private record View(Value value, String derivation, List<Integer> axes) {
        static View of(Value value, Derivation derivation, int[] axes) {
            return new View(value, derivation.name(), IntStream.of(axes).boxed().toList());
        }
    }

    /**
     * Repacks nothing yet.
     *
     * @param repacked what an earlier process kept; null where nothing is kept
     */
    Weights(
            Map<Value, Parameter> parameters,
            Target target,
            HandleScope scope,
            Arena arena,
            @Nullable RepackedWeights repacked) {
        this.parameters = parameters;
        this.target = target;
        this.scope = scope;
        this.arena = arena;
        this.repacked = repacked;
    }

    boolean holds(Value value) {
        return parameters.containsKey(value);
    }

    /** The layout an earlier primitive chose for this parameter in this order of axes, for a later one to take over; null where there was none. */
    @Nullable
    MemoryDescriptor chosen(Value value, int[] axes) {
        Operand earlier = packed.get(View.of(value, Derivation.NONE, axes));
        return earlier == null ? null : earlier.descriptor();
    }

    /**
     * The parameter in a primitive's layout.
     *
     * @param axes which of the parameter's axes stands at each of the primitive's
     * @param wanted what the primitive asked for; the plan's
     */
    Operand packed(Value value, int[] axes, MemoryDescriptor wanted) {
        return packed(value, Derivation.NONE, axes, wanted);
    }

    /** What is computed from the parameter, its axes as they are, in a primitive's layout. */
    Operand derived(Value value, Derivation derivation, MemoryDescriptor wanted) {
        int[] axes = IntStream.range(0, value.shape().rank()).toArray();
        return packed(value, derivation, axes, wanted);
    }

    private Operand packed(Value value, Derivation derivation, int[] axes, MemoryDescriptor wanted) {
        View view = View.of(value, derivation, axes);
        Operand earlier = packed.get(view);
        if (earlier != null && earlier.descriptor().matches(wanted)) {
            return earlier;
        }
        Parameter parameter = parameter(value);
        MemorySegment data = kept(parameter, derivation, axes, wanted);
        MappedPages.release(parameter.data());
        Operand operand = new Operand(wanted, scope.own(DnnlMemory.over(target.engine(), wanted, data)));
        packed.put(view, operand);
        return operand;
    }

    /** The parameter's bytes in a layout, from an earlier process where it kept them. */
    private MemorySegment kept(Parameter parameter, Derivation derivation, int[] axes, MemoryDescriptor wanted) {
        Optional<String> layout = wanted.layout();
        if (repacked == null || layout.isEmpty()) {
            return repack(parameter, derivation, axes, wanted);
        }
        String description = String.join(
                " ",
                parameter.path() + derivation.name(),
                parameter.dtype() + parameter.shape().toString() + parameter.strides(),
                "ends " + ends(parameter.data()),
                Arrays.toString(axes),
                layout.get());
        return repacked.find(description, wanted.bytes()).orElseGet(() -> {
            MemorySegment made = repack(parameter, derivation, axes, wanted);
            repacked.add(description, made);
            return made;
        });
    }

    /** Tells views of one stored tensor from each other, which only differ in where they begin. */
    private static long ends(MemorySegment bytes) {
        long length = Math.min(bytes.byteSize(), END_BYTES);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        checksum.update(bytes.asSlice(bytes.byteSize() - length).toArray(ValueLayout.JAVA_BYTE));
        return checksum.getValue();
    }

    private MemorySegment repack(Parameter parameter, Derivation derivation, int[] axes, MemoryDescriptor wanted) {
        MemorySegment data = arena.allocate(wanted.bytes(), MemoryPlan.ALIGNMENT);
        try (Arena temporary = Arena.ofConfined()) {
            Parameter widened = derivation.of(widened(parameter, temporary), temporary);
            try (MemoryDescriptor stored = stored(widened, axes);
                    DnnlMemory source = DnnlMemory.over(target.engine(), stored, widened.data());
                    DnnlMemory made = DnnlMemory.over(target.engine(), wanted, data)) {
                reorder(source, stored, made, wanted);
            }
        }
        return data;
    }

    /** The parameter as float32, row-major: scales, shifts and biases. */
    MemorySegment floats(Value value) {
        return plain.computeIfAbsent(value, absent -> rowMajor(parameter(absent), arena));
    }

    /** The parameter as an activation: row-major, in the plan's precision. */
    MemorySegment activation(Value value) {
        return target.precision() == DataType.F32
                ? floats(value)
                : halves.computeIfAbsent(value, absent -> rounded(parameter(absent)));
    }

    private MemorySegment rounded(Parameter parameter) {
        long elements = parameter.shape().elements();
        MemorySegment rounded = arena.allocate(elements * Short.BYTES, MemoryPlan.ALIGNMENT);
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment floats = rowMajor(parameter, temporary);
            for (long i = 0; i < elements; i++) {
                float element = floats.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
                rounded.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat(element));
            }
        }
        return rounded;
    }

    private static MemoryDescriptor stored(Parameter parameter, int[] axes) {
        long[] dims = new long[axes.length];
        long[] strides = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            dims[i] = parameter.shape().extent(axes[i]);
            strides[i] = parameter.strides().get(axes[i]);
        }
        return MemoryDescriptor.strided(DataType.F32, dims, strides);
    }

    private Parameter parameter(Value value) {
        Parameter parameter = parameters.get(value);
        if (parameter == null) {
            throw new IllegalStateException(value + " is no parameter");
        }
        return parameter;
    }

    private void reorder(DnnlMemory source, MemoryDescriptor stored, DnnlMemory made, MemoryDescriptor wanted) {
        try (Primitive reorder = new Reorder(stored, wanted, PrimitiveAttributes.PLAIN).create(target.engine());
                Arena temporary = Arena.ofConfined();
                MemoryDescriptor bytes = MemoryDescriptor.plain(DataType.U8, Math.max(1, reorder.scratchpadBytes()));
                DnnlMemory scratchpad = DnnlMemory.over(
                        target.engine(), bytes, temporary.allocate(bytes.bytes(), MemoryPlan.ALIGNMENT));
                Execution execution = Execution.prepare(
                        reorder, Map.of(Argument.SRC, source, Argument.DST, made, Argument.SCRATCHPAD, scratchpad))) {
            execution.run(target.stream());
            target.stream().await();
        }
    }

    /** The parameter as float32: itself where it is stored so, else a row-major copy. */
    private static Parameter widened(Parameter parameter, Arena arena) {
        return switch (parameter.dtype()) {
            case F32 -> parameter;
            case F16, BF16 -> copied(parameter, arena);
            case F64, I64, I32 ->
                throw new IllegalArgumentException(
                        parameter.path() + " is stored as " + parameter.dtype() + ", expected F32, F16 or BF16");
        };
    }

    private static Parameter copied(Parameter parameter, Arena arena) {
        MemorySegment floats = parameter.floats(arena).data();
        return Parameter.contiguous(parameter.path(), DType.F32, parameter.shape(), floats);
    }

    /** Row-major float32: the mapped bytes themselves where they are that already. */
    private static MemorySegment rowMajor(Parameter parameter, Arena arena) {
        Parameter widened = widened(parameter, arena);
        return (widened.isContiguous() ? widened : copied(widened, arena)).data();
    }
}
