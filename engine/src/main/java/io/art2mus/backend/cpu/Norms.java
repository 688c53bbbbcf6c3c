package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.GroupNormalization;
import io.art2mus.ffi.onednn.LayerNormalization;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.util.Map;

/** Normalisations; statistics, scale and shift are float32 whatever the precision. */
final class Norms {
    private final Lowering lowering;

    Norms(Lowering lowering) {
        this.lowering = lowering;
    }

    void group(Op.GroupNorm op, Value result) {
        Operand src = lowering.picture(op.x());
        Operand dst = lowering.picture(result);
        Primitive primitive = lowering.program()
                .own(GroupNormalization.create(
                        lowering.target().engine(),
                        src.descriptor(),
                        dst.descriptor(),
                        op.groups(),
                        op.epsilon(),
                        PrimitiveAttributes.PLAIN));
        run(primitive, src, dst, op.scale(), op.shift());
    }

    void layer(Op.LayerNorm op, Value result) {
        Operand src = lowering.plain(op.x());
        Operand dst = lowering.plain(result);
        Primitive primitive = lowering.program()
                .own(LayerNormalization.create(
                        lowering.target().engine(),
                        src.descriptor(),
                        dst.descriptor(),
                        op.epsilon(),
                        PrimitiveAttributes.PLAIN));
        run(primitive, src, dst, op.scale(), op.shift());
    }

    private void run(Primitive primitive, Operand src, Operand dst, Value scale, Value shift) {
        long channels = scale.shape().last();
        lowering.program()
                .then(
                        primitive,
                        Map.of(
                                Argument.SRC,
                                src,
                                Argument.DST,
                                dst,
                                Argument.SCALE,
                                lowering.vector(scale, channels),
                                Argument.SHIFT,
                                lowering.vector(shift, channels)));
    }
}
