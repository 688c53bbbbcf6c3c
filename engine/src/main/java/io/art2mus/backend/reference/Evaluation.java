package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a graph: the tensors known so far, and which definition computes which operation. */
final class Evaluation {
    private final Map<Value, Tensor> known;

    Evaluation(Map<Value, Tensor> parameters) {
        this.known = new HashMap<>(parameters);
    }

    void put(Value value, Tensor tensor) {
        known.put(value, tensor);
    }

    void forget(Value value) {
        known.remove(value);
    }

    Tensor get(Value value) {
        Tensor tensor = known.get(value);
        if (tensor == null) {
            throw new IllegalStateException("value " + value.id() + " " + value.shape() + " is read before it is made");
        }
        return tensor;
    }

    private @Nullable Tensor getIfPresent(@Nullable Value value) {
        return value == null ? null : get(value);
    }

    Tensor of(Op operation) {
        return switch (operation) {
            case Op.Conv2d op -> Convolutions.conv2d(get(op.x()), get(op.weight()), getIfPresent(op.bias()), op);
            case Op.ConvTranspose2d op ->
                Convolutions.convTranspose2d(get(op.x()), get(op.weight()), getIfPresent(op.bias()), op);
            case Op.Linear op -> Products.linear(get(op.x()), get(op.weight()), getIfPresent(op.bias()), op);
            case Op.Attention op ->
                Products.attention(get(op.query()), get(op.key()), get(op.value()), getIfPresent(op.bias()), op);
            case Op.GroupNorm op -> Normalisations.groupNorm(get(op.x()), get(op.scale()), get(op.shift()), op);
            case Op.LayerNorm op -> Normalisations.layerNorm(get(op.x()), get(op.scale()), get(op.shift()), op);
            case Op.Elementwise op -> Pointwise.elementwise(get(op.x()), op);
            case Op.LeakyRelu op -> Pointwise.leakyRelu(get(op.x()), op);
            case Op.Geglu op -> Pointwise.geglu(get(op.x()), op);
            case Op.Add op -> Pointwise.add(get(op.a()), get(op.b()), op);
            case Op.Scale op -> Pointwise.scale(get(op.x()), op);
            case Op.Concat op ->
                Movement.concat(op.parts().stream().map(this::get).toList(), op);
            case Op.Slice op -> Movement.slice(get(op.x()), op);
            case Op.UpsampleNearest op -> Movement.upsampleNearest(get(op.x()), op);
            case Op.Reshape op -> get(op.x()).reshaped(op.shape());
            case Op.SelectRow op -> Movement.selectRow(get(op.table()), get(op.position()), op);
            case TrainingOp op -> training(op);
        };
    }

    private Tensor training(TrainingOp operation) {
        return switch (operation) {
            case TrainingOp.Convert op -> get(op.x());
            case TrainingOp.LinearInputGradient op ->
                ProductGradients.linearInput(get(op.gradient()), get(op.weight()), op);
            case TrainingOp.LinearWeightGradient op ->
                ProductGradients.linearWeight(get(op.x()), get(op.gradient()), op);
            case TrainingOp.AttentionGradient op -> attentionGradient(op);
            case TrainingOp.GroupNormGradient(var forward, var gradient) ->
                NormalisationGradients.groupNorm(get(forward.x()), get(forward.scale()), get(gradient), forward);
            case TrainingOp.LayerNormGradient(var forward, var gradient) ->
                NormalisationGradients.layerNorm(get(forward.x()), get(forward.scale()), get(gradient), forward);
            case TrainingOp.ElementwiseGradient(var forward, var gradient) ->
                PointwiseGradients.elementwise(get(forward.x()), get(gradient), forward);
            case TrainingOp.GegluGradient(var forward, var gradient) ->
                PointwiseGradients.geglu(get(forward.x()), get(gradient));
            case TrainingOp.UpsampleNearestGradient op -> MovementGradients.upsampleNearest(get(op.gradient()), op);
            case TrainingOp.Pad op -> MovementGradients.pad(get(op.x()), op);
            case TrainingOp.SumTo op -> MovementGradients.sumTo(get(op.x()), op);
            case TrainingOp.MeanSquaredError op -> SquaredErrors.mean(get(op.prediction()), get(op.target()), op);
            case TrainingOp.MeanSquaredErrorGradient(var forward, var gradient) ->
                SquaredErrors.gradient(get(forward.prediction()), get(forward.target()), get(gradient));
        };
    }

    private Tensor attentionGradient(TrainingOp.AttentionGradient op) {
        Op.Attention forward = op.forward();
        return AttentionGradients.of(
                get(forward.query()),
                get(forward.key()),
                get(forward.value()),
                getIfPresent(forward.bias()),
                get(op.gradient()),
                op);
    }
}
