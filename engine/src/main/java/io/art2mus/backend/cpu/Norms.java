package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.GroupNormalization;
import io.art2mus.ffi.onednn.LayerNormalization;
import io.art2mus.ffi.onednn.MemoryDescriptor;
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
        Primitive primitive;
        try (MemoryDescriptor picture = lowering.pictureDescriptor(result)) {
            primitive = GroupNormalization.create(
                    lowering.target().engine(), picture, picture, op.groups(), op.epsilon(), PrimitiveAttributes.PLAIN);
        }
        DnnlMemory src = lowering.program().memory(lowering.pictureDescriptor(op.x()), lowering.data(op.x()));
        DnnlMemory dst = lowering.program().memory(lowering.pictureDescriptor(result), lowering.data(result));
        run(primitive, src, dst, op.scale(), op.shift());
    }

    void layer(Op.LayerNorm op, Value result) {
        Primitive primitive;
        try (MemoryDescriptor rows = lowering.plainDescriptor(result)) {
            primitive = LayerNormalization.create(
                    lowering.target().engine(), rows, rows, op.epsilon(), PrimitiveAttributes.PLAIN);
        }
        run(primitive, lowering.plain(op.x()), lowering.plain(result), op.scale(), op.shift());
    }

    private void run(Primitive primitive, DnnlMemory src, DnnlMemory dst, Value scale, Value shift) {
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
