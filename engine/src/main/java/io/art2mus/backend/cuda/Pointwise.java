package io.art2mus.backend.cuda;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.kernels.AddKernel;
import io.art2mus.kernels.ConvertKernel;
import io.art2mus.kernels.CopyKernel;
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
        lowering.program()
                .then(ElementwiseKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        function(op),
                        result.shape().elements(),
                        lowering.data(op.x()),
                        lowering.data(result)));
    }

    void functionGradient(TrainingOp.ElementwiseGradient op, Value result) {
        lowering.program()
                .then(ElementwiseKernel.backward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        function(op.forward()),
                        result.shape().elements(),
                        lowering.data(op.forward().x()),
                        lowering.data(op.gradient()),
                        lowering.data(result)));
    }

    private static ElementwiseKernel.Function function(Op.Elementwise op) {
        return switch (op.function()) {
            case SILU -> ElementwiseKernel.Function.SILU;
            case GELU -> ElementwiseKernel.Function.GELU;
            case GELU_TANH -> ElementwiseKernel.Function.GELU_TANH;
            case TANH -> ElementwiseKernel.Function.TANH;
        };
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
                        lowering.elements(result),
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

    void gegluGradient(TrainingOp.GegluGradient op, Value result) {
        long channels = op.gradient().shape().last();
        lowering.program()
                .then(GegluKernel.backward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        op.gradient().shape().elements() / channels,
                        Math.toIntExact(channels),
                        lowering.data(op.forward().x()),
                        lowering.data(op.gradient()),
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
                        lowering.elements(result),
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

    /** The same numbers in another kind's type, be it the same. */
    void convert(TrainingOp.Convert op, Value result) {
        Elements from = lowering.elements(op.x());
        Elements to = lowering.elements(result);
        long x = lowering.data(op.x());
        long y = lowering.data(result);
        long count = result.shape().elements();
        if (from == to) {
            long[] dense = {1};
            lowering.program()
                    .then(CopyKernel.strided(
                            lowering.kernels(), lowering.arena(), to, new long[] {count}, x, dense, y, dense));
        } else {
            lowering.program().then(converted(from, to, count, x, y));
        }
    }

    /** The same numbers in another type. */
    Launch converted(Elements from, Elements to, long count, long x, long y) {
        return ConvertKernel.forward(lowering.kernels(), lowering.arena(), from, to, count, x, y);
    }
}
