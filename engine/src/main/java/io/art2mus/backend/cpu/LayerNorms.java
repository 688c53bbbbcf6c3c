package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.LayerNormalization;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.util.Map;

/** Layer normalisation; statistics, scale and shift are float32 whatever the precision. */
final class LayerNorms {
    private final Lowering lowering;

    LayerNorms(Lowering lowering) {
        this.lowering = lowering;
    }

    void layer(Op.LayerNorm op, Value result) {
        long channels = result.shape().last();
        Operand src = lowering.plain(op.x());
        Operand dst = lowering.plain(result);
        Primitive primitive = lowering.program()
                .primitive(new LayerNormalization(
                        src.descriptor(), dst.descriptor(), op.epsilon(), PrimitiveAttributes.PLAIN));
        lowering.program()
                .then(
                        primitive,
                        Map.of(
                                Argument.SRC,
                                src,
                                Argument.DST,
                                dst,
                                Argument.SCALE,
                                lowering.vector(op.scale(), channels),
                                Argument.SHIFT,
                                lowering.vector(op.shift(), channels)));
    }
}
