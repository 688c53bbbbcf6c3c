package io.art2mus.backend.cuda;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.kernels.AddKernel;
import io.art2mus.kernels.ConvertKernel;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.ElementwiseKernel;
import io.art2mus.kernels.GegluKernel;
import io.art2mus.kernels.Launch;
import java.util.ArrayList;
import java.util.List;

/** Functions of elements that do not look at their neighbours. */
final class Pointwise {
    private final Lowering lowering;

    Pointwise(Lowering lowering) {
        this.lowering = lowering;
    }

    void function(Op.Elementwise op, Value result) {
        ElementwiseKernel.Function function = switch (op.function()) {
            case SILU -> ElementwiseKernel.Function.SILU;
            case GELU -> ElementwiseKernel.Function.GELU;
            case GELU_TANH -> ElementwiseKernel.Function.GELU_TANH;
            case TANH -> ElementwiseKernel.Function.TANH;
        };
        lowering.program()
                .then(ElementwiseKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        function,
                        result.shape().elements(),
                        lowering.data(op.x()),
                        lowering.data(result)));
    }

    /** Of the elements at {@code x}, which may be the result's own place. */
    void leakyRelu(float slope, long x, Value result) {
        lowering.program()
                .then(ElementwiseKernel.leakyRelu(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        slope,
                        result.shape().elements(),
                        x,
                        lowering.data(result)));
    }

    void scale(Op.Scale op, Value result) {
        lowering.program()
                .then(ElementwiseKernel.scale(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        op.factor(),
                        result.shape().elements(),
                        lowering.data(op.x()),
                        lowering.data(result)));
    }

    void geglu(Op.Geglu op, Value result) {
        long channels = result.shape().last();
        lowering.program()
                .then(GegluKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        result.shape().elements() / channels,
                        Math.toIntExact(channels),
                        lowering.data(op.x()),
                        lowering.data(result)));
    }

    void add(Op.Add op, Value result) {
        add(
                result,
                lowering.data(op.a()),
                lowering.data(op.b()),
                repeating(op.b().shape()));
    }

    /** {@code result += b}, whose strides are 0 along axes that it repeats along. */
    void addInPlace(Value result, Value b, List<Long> strides) {
        add(result, lowering.data(result), lowering.data(b), strides);
    }

    private void add(Value result, long a, long b, List<Long> strides) {
        lowering.program()
                .then(AddKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        result.shape().extents(),
                        a,
                        b,
                        strides.stream().mapToLong(Long::longValue).toArray(),
                        lowering.data(result)));
    }

    /** Row-major strides, 0 along axes of extent 1. */
    private static List<Long> repeating(Shape shape) {
        List<Long> strides = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            strides.add(shape.extent(axis) == 1 ? 0 : shape.strides().get(axis));
        }
        return strides;
    }

    /** The same numbers in another type. */
    Launch converted(Elements from, Elements to, long count, long x, long y) {
        return ConvertKernel.forward(lowering.kernels(), lowering.arena(), from, to, count, x, y);
    }
}
