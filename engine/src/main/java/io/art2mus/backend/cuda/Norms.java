package io.art2mus.backend.cuda;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.kernels.GroupNormBackwardKernel;
import io.art2mus.kernels.GroupNormKernel;
import io.art2mus.kernels.LayerNormKernel;
import org.jspecify.annotations.Nullable;

/** Normalisations; statistics, scale and shift are float32 whatever the precision. */
final class Norms {
    private final Lowering lowering;

    Norms(Lowering lowering) {
        this.lowering = lowering;
    }

    void group(Work.Norm work) {
        Shape picture = work.result().shape();
        GroupNormKernel.Shape shape = shape(work.op(), picture);
        GroupNormKernel.Input input = new GroupNormKernel.Input(
                lowering.data(work.x()),
                Math.toIntExact(work.x().shape().last()),
                address(work.second()),
                address(work.joined()),
                time(work.shift(), picture));
        long scale = lowering.floats(work.op().scale());
        long shift = lowering.floats(work.op().shift());
        long result = lowering.data(work.result());
        lowering.program()
                .then(
                        GroupNormKernel.workspaceBytes(shape, lowering.target().device()),
                        workspace -> GroupNormKernel.forward(
                                lowering.kernels(),
                                lowering.arena(),
                                lowering.elements(),
                                shape,
                                input,
                                scale,
                                shift,
                                work.silu(),
                                result,
                                workspace));
    }

    private static GroupNormKernel.Shape shape(Op.GroupNorm op, Shape picture) {
        return new GroupNormKernel.Shape(
                Math.toIntExact(picture.extent(0)),
                Math.toIntExact(picture.extent(1) * picture.extent(2)),
                Math.toIntExact(picture.last()),
                op.groups(),
                op.epsilon());
    }

    private long address(@Nullable Value value) {
        return value == null ? 0 : lowering.data(value);
    }

    private GroupNormKernel.@Nullable Time time(Work.@Nullable Shift shift, Shape picture) {
        if (shift == null) {
            return null;
        }
        long channels = picture.last();
        boolean each = shift.position() == null && shift.table().shape().elements() > channels;
        return new GroupNormKernel.Time(
                lowering.data(shift.table()), address(shift.position()), channels, each ? channels : 0);
    }

    void layer(Op.LayerNorm op, Value result) {
        long channels = result.shape().last();
        lowering.program()
                .then(LayerNormKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        result.shape().elements() / channels,
                        Math.toIntExact(channels),
                        op.epsilon(),
                        lowering.data(op.x()),
                        lowering.floats(op.scale()),
                        lowering.floats(op.shift()),
                        lowering.data(result)));
    }

    void groupBackward(Work.NormBackward work) {
        lowering.program()
                .then(GroupNormBackwardKernel.launch(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        shape(work.op(), work.result().shape()),
                        lowering.data(work.op().x()),
                        lowering.floats(work.op().scale()),
                        lowering.floats(work.op().shift()),
                        work.silu(),
                        lowering.data(work.gradient()),
                        lowering.data(work.result())));
    }

    void layerGradient(TrainingOp.LayerNormGradient op, Value result) {
        long channels = result.shape().last();
        lowering.program()
                .then(LayerNormKernel.backward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        result.shape().elements() / channels,
                        Math.toIntExact(channels),
                        op.forward().epsilon(),
                        lowering.data(op.forward().x()),
                        lowering.floats(op.forward().scale()),
                        lowering.data(op.gradient()),
                        lowering.data(result)));
    }
}
