package io.art2mus.backend.cpu;

import io.art2mus.ffi.HandleScope;
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
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan's parameters in the layouts its primitives chose. A float32 parameter that a primitive takes as it is stored stays where
 * its file is mapped.
 */
final class Weights {
    private final Target target;
    private final HandleScope scope;
    private final Arena arena;
    private final Map<Value, Parameter> parameters;
    private final Map<Value, Operand> packed = new HashMap<>();
    private final Map<Value, MemorySegment> plain = new HashMap<>();
    private final Map<Value, MemorySegment> halves = new HashMap<>();

    Weights(Map<Value, Parameter> parameters, Target target, HandleScope scope, Arena arena) {
        this.parameters = parameters;
        this.target = target;
        this.scope = scope;
        this.arena = arena;
    }

    boolean holds(Value value) {
        return parameters.containsKey(value);
    }

    /** The layout an earlier primitive chose for this parameter, for a later one to take over; null where there was none. */
    @Nullable
    MemoryDescriptor chosen(Value value) {
        Operand earlier = packed.get(value);
        return earlier == null ? null : earlier.descriptor();
    }

    /**
     * The parameter in a primitive's layout.
     *
     * @param axes which of the parameter's axes stands at each of the primitive's
     * @param wanted what the primitive asked for; the plan's
     */
    Operand packed(Value value, int[] axes, MemoryDescriptor wanted) {
        Operand earlier = packed.get(value);
        if (earlier != null && earlier.descriptor().matches(wanted)) {
            return earlier;
        }
        MemorySegment data = arena.allocate(wanted.bytes(), MemoryPlan.ALIGNMENT);
        Operand operand = new Operand(wanted, scope.own(DnnlMemory.over(target.engine(), wanted, data)));
        try (Arena temporary = Arena.ofConfined()) {
            Parameter widened = widened(parameter(value), temporary);
            try (MemoryDescriptor stored = stored(widened, axes);
                    DnnlMemory source = DnnlMemory.over(target.engine(), stored, widened.data())) {
                reorder(source, stored, operand);
            }
        }
        packed.put(value, operand);
        return operand;
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

    private void reorder(DnnlMemory source, MemoryDescriptor stored, Operand packed) {
        try (Primitive reorder =
                        Reorder.create(target.engine(), stored, packed.descriptor(), PrimitiveAttributes.PLAIN);
                Arena temporary = Arena.ofConfined();
                MemoryDescriptor bytes = MemoryDescriptor.plain(DataType.U8, Math.max(1, reorder.scratchpadBytes()));
                DnnlMemory scratchpad = DnnlMemory.over(
                        target.engine(), bytes, temporary.allocate(bytes.bytes(), MemoryPlan.ALIGNMENT));
                Execution execution = Execution.prepare(
                        reorder,
                        Map.of(Argument.SRC, source, Argument.DST, packed.memory(), Argument.SCRATCHPAD, scratchpad))) {
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
