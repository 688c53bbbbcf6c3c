package io.art2mus.backend.cuda;

import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;

/** Turns operations of training into launches. */
final class TrainingSteps {
    private final Products products;
    private final Attentions attentions;
    private final Norms norms;
    private final Pointwise pointwise;
    private final Moves moves;
    private final Sums sums;

    TrainingSteps(
            Lowering lowering,
            Products products,
            Attentions attentions,
            Norms norms,
            Pointwise pointwise,
            Moves moves) {
        this.products = products;
        this.attentions = attentions;
        this.norms = norms;
        this.pointwise = pointwise;
        this.moves = moves;
        sums = new Sums(lowering);
    }

    void lower(TrainingOp operation, Value result) {
        switch (operation) {
            case TrainingOp.Convert op -> pointwise.convert(op, result);
            case TrainingOp.LinearWeightGradient op -> products.weightGradient(op, result);
            case TrainingOp.AttentionGradient op -> attentions.gradient(op, result);
            case TrainingOp.LayerNormGradient op -> norms.layerGradient(op, result);
            case TrainingOp.ElementwiseGradient op -> pointwise.functionGradient(op, result);
            case TrainingOp.GegluGradient op -> pointwise.gegluGradient(op, result);
            case TrainingOp.UpsampleNearestGradient op -> moves.upsampleGradient(op, result);
            case TrainingOp.Pad op -> moves.pad(op, result);
            case TrainingOp.SumTo op -> sums.sumTo(op, result);
            case TrainingOp.MeanSquaredError op -> sums.meanSquaredError(op, result);
            case TrainingOp.MeanSquaredErrorGradient op -> sums.meanSquaredErrorGradient(op, result);
            case TrainingOp.LinearInputGradient _, TrainingOp.GroupNormGradient _ -> throw Lowering.fused(operation);
        }
    }
}
