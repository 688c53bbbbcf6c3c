package io.art2mus.backend.cpu;

import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.List;

/** Turns operations of training into executions. */
final class TrainingSteps {
    private final BackwardProducts products;
    private final BackwardAttention attention;
    private final GroupNormBackward groupNorms;
    private final LayerNormBackward layerNorms;
    private final BackwardElements elements;
    private final BackwardMoves moves;
    private final Losses losses;

    TrainingSteps(Lowering lowering) {
        products = new BackwardProducts(lowering);
        attention = new BackwardAttention(lowering);
        groupNorms = new GroupNormBackward(lowering);
        layerNorms = new LayerNormBackward(lowering);
        elements = new BackwardElements(lowering);
        moves = new BackwardMoves(lowering);
        losses = new Losses(lowering);
    }

    void lower(TrainingOp operation, List<PostOperation> after, Value result) {
        switch (operation) {
            case TrainingOp.Convert op -> moves.convert(op, result);
            case TrainingOp.LinearInputGradient op -> products.input(op, after, result);
            case TrainingOp.LinearWeightGradient op -> products.weight(op, result);
            case TrainingOp.AttentionGradient op -> attention.lower(op, result);
            case TrainingOp.GroupNormGradient op -> groupNorms.lower(op, result);
            case TrainingOp.LayerNormGradient op -> layerNorms.lower(op, result);
            case TrainingOp.ElementwiseGradient op -> elements.function(op, result);
            case TrainingOp.GegluGradient op -> elements.geglu(op, result);
            case TrainingOp.UpsampleNearestGradient op -> moves.upsampleNearest(op, result);
            case TrainingOp.Pad op -> moves.pad(op, result);
            case TrainingOp.SumTo op -> moves.sumTo(op, result);
            case TrainingOp.MeanSquaredError op -> losses.meanSquaredError(op, result);
            case TrainingOp.MeanSquaredErrorGradient op -> losses.meanSquaredErrorGradient(op, result);
        }
    }
}
