package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Post-operations in oneDNN's terms.
 *
 * @param attributes for making the primitive
 * @param operands further arguments of its execution
 */
record Epilogue(PrimitiveAttributes attributes, Map<Argument, Operand> operands) {
    /**
     * Prepares the post-operations of one primitive.
     *
     * @param layout how the primitive sees a tensor of the shape of its result, or of one number a channel
     */
    static Epilogue of(List<PostOperation> after, Function<Value, Operand> layout) {
        List<PostOp> chain = new ArrayList<>();
        Map<Argument, Operand> operands = new HashMap<>();
        for (PostOperation operation : after) {
            switch (operation) {
                case PostOperation.Function(var algorithm, var alpha) ->
                    chain.add(new PostOp.Eltwise(algorithm, alpha, 0));
                case PostOperation.Combination(var algorithm, var operand) -> {
                    Operand seen = layout.apply(operand);
                    operands.put(Argument.postOpOperand(chain.size()), seen);
                    chain.add(new PostOp.Binary(algorithm, seen.descriptor()));
                }
            }
        }
        return new Epilogue(new PrimitiveAttributes(chain), operands);
    }
}
