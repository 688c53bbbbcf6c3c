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
import java.util.List;
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
        Parameter parameter = parameter(value);
        MemorySegment data = arena.allocate(wanted.bytes(), MemoryPlan.ALIGNMENT);
        Operand operand = new Operand(wanted, scope.own(DnnlMemory.over(target.engine(), wanted, data)));
        try (Arena temporary = Arena.ofConfined();
                MemoryDescriptor stored = stored(parameter, axes);
                DnnlMemory source = DnnlMemory.over(target.engine(), stored, floats(parameter, temporary))) {
            reorder(source, stored, operand);
        }
        packed.put(value, operand);
        return operand;
    }

    /** The parameter as float32, row-major: scales, shifts and biases. */
    MemorySegment floats(Value value) {
        return plain.computeIfAbsent(value, absent -> floats(parameter(absent), arena));
    }

    /** The parameter as an activation: row-major, in the plan's precision. */
    MemorySegment activation(Value value) {
        MemorySegment floats = floats(value);
        if (target.precision() == DataType.F32) {
            return floats;
        }
        long elements = value.shape().elements();
        MemorySegment halves = arena.allocate(elements * target.precision().bytes(), MemoryPlan.ALIGNMENT);
        for (long i = 0; i < elements; i++) {
            float element = floats.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            halves.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat(element));
        }
        return halves;
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

    /** The stored elements as float32 at the same strides: the mapped bytes themselves where they are float32 already. */
    private static MemorySegment floats(Parameter parameter, Arena arena) {
        if (parameter.dtype() == DType.F32) {
            return parameter.data();
        }
        long reach = reach(parameter);
        MemorySegment stored = parameter.data();
        MemorySegment floats = arena.allocate(reach * Float.BYTES, MemoryPlan.ALIGNMENT);
        switch (parameter.dtype()) {
            case F16 -> {
                for (long i = 0; i < reach; i++) {
                    short half = stored.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
                    floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.float16ToFloat(half));
                }
            }
            case BF16 -> {
                for (long i = 0; i < reach; i++) {
                    short half = stored.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
                    floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, Bfloat16.toFloat(half));
                }
            }
            case F32, F64, I64, I32 ->
                throw new IllegalArgumentException(
                        parameter.path() + " is stored as " + parameter.dtype() + ", expected F32, F16 or BF16");
        }
        return floats;
    }

    /** Elements from the first to the last one that the strides reach. */
    private static long reach(Parameter parameter) {
        List<Long> strides = parameter.strides();
        long last = 0;
        for (int axis = 0; axis < strides.size(); axis++) {
            last += (parameter.shape().extent(axis) - 1) * strides.get(axis);
        }
        return last + 1;
    }
}
