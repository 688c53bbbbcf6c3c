package io.art2mus.graph;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The same operation on other values of the same shapes. */
record Substitution(UnaryOperator<Value> values) {
    Op in(Op operation) {
        return switch (operation) {
            case Op.Conv2d(var x, var weight, var bias, var window) ->
                new Op.Conv2d(of(x), of(weight), ofNullable(bias), window);
            case Op.ConvTranspose2d(var x, var weight, var bias, var window) ->
                new Op.ConvTranspose2d(of(x), of(weight), ofNullable(bias), window);
            case Op.Linear(var x, var weight, var bias) -> new Op.Linear(of(x), of(weight), ofNullable(bias));
            case Op.Attention op -> attention(op);
            case Op.GroupNorm op -> groupNorm(op);
            case Op.LayerNorm op -> layerNorm(op);
            case Op.Elementwise op -> elementwise(op);
            case Op.LeakyRelu(var x, var slope) -> new Op.LeakyRelu(of(x), slope);
            case Op.Geglu op -> geglu(op);
            case Op.Add(var a, var b) -> new Op.Add(of(a), of(b));
            case Op.Scale(var x, var factor) -> new Op.Scale(of(x), factor);
            case Op.Concat(var parts, var axis) ->
                new Op.Concat(parts.stream().map(this::of).toList(), axis);
            case Op.Slice(var x, var axis, var start, var length) -> new Op.Slice(of(x), axis, start, length);
            case Op.UpsampleNearest(var x, var height, var width) -> new Op.UpsampleNearest(of(x), height, width);
            case Op.Reshape(var x, var shape) -> new Op.Reshape(of(x), shape);
            case Op.SelectRow(var table, var position) -> new Op.SelectRow(of(table), of(position));
            case TrainingOp op -> training(op);
        };
    }

    private TrainingOp training(TrainingOp operation) {
        return switch (operation) {
            case TrainingOp.Convert(var x, var kind) -> new TrainingOp.Convert(of(x), kind);
            case TrainingOp.LinearInputGradient(var gradient, var weight) ->
                new TrainingOp.LinearInputGradient(of(gradient), of(weight));
            case TrainingOp.LinearWeightGradient(var x, var gradient) ->
                new TrainingOp.LinearWeightGradient(of(x), of(gradient));
            case TrainingOp.AttentionGradient(var forward, var gradient, var context) ->
                new TrainingOp.AttentionGradient(attention(forward), of(gradient), context);
            case TrainingOp.GroupNormGradient(var forward, var gradient) ->
                new TrainingOp.GroupNormGradient(groupNorm(forward), of(gradient));
            case TrainingOp.LayerNormGradient(var forward, var gradient) ->
                new TrainingOp.LayerNormGradient(layerNorm(forward), of(gradient));
            case TrainingOp.ElementwiseGradient(var forward, var gradient) ->
                new TrainingOp.ElementwiseGradient(elementwise(forward), of(gradient));
            case TrainingOp.GegluGradient(var forward, var gradient) ->
                new TrainingOp.GegluGradient(geglu(forward), of(gradient));
            case TrainingOp.UpsampleNearestGradient(var gradient) ->
                new TrainingOp.UpsampleNearestGradient(of(gradient));
            case TrainingOp.Pad(var x, var axis, var before, var after) ->
                new TrainingOp.Pad(of(x), axis, before, after);
            case TrainingOp.SumTo(var x, var shape) -> new TrainingOp.SumTo(of(x), shape);
            case TrainingOp.MeanSquaredError op -> meanSquaredError(op);
            case TrainingOp.MeanSquaredErrorGradient(var forward, var gradient) ->
                new TrainingOp.MeanSquaredErrorGradient(meanSquaredError(forward), of(gradient));
        };
    }

    private Op.Attention attention(Op.Attention op) {
        return new Op.Attention(
                of(op.query()),
                of(op.key()),
                of(op.value()),
                ofNullable(op.bias()),
                op.heads(),
                op.scale(),
                op.causal());
    }

    private Op.GroupNorm groupNorm(Op.GroupNorm op) {
        return new Op.GroupNorm(of(op.x()), of(op.scale()), of(op.shift()), op.groups(), op.epsilon());
    }

    private Op.LayerNorm layerNorm(Op.LayerNorm op) {
        return new Op.LayerNorm(of(op.x()), of(op.scale()), of(op.shift()), op.epsilon());
    }

    private Op.Elementwise elementwise(Op.Elementwise op) {
        return new Op.Elementwise(of(op.x()), op.function());
    }

    private Op.Geglu geglu(Op.Geglu op) {
        return new Op.Geglu(of(op.x()));
    }

    private TrainingOp.MeanSquaredError meanSquaredError(TrainingOp.MeanSquaredError op) {
        return new TrainingOp.MeanSquaredError(of(op.prediction()), of(op.target()));
    }

    private Value of(Value value) {
        return values.apply(value);
    }

    private @Nullable Value ofNullable(@Nullable Value value) {
        return value == null ? null : of(value);
    }
}
