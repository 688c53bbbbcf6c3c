package io.art2mus.weights;

import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights of an autoencoder whose attentions may be spelled as diffusers once spelled them: {@code query}, {@code key},
 * {@code value} and {@code proj_attn} are {@code to_q}, {@code to_k}, {@code to_v} and {@code to_out.0}. Under either name a matrix
 * may be stored as a 1×1 convolution, {@code [out, in, 1, 1]}. Everything else is handed through.
 */
public final class OldAttentionNames implements ParameterSource {
    private static final Pattern PROJECTION =
            Pattern.compile("(.*\\battentions\\.\\d+\\.)(to_q|to_k|to_v|to_out\\.0)(\\.weight|\\.bias)");

    private static final Map<String, String> OLD =
            Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

    private final WeightTree weights;

    /** Looks in {@code weights} under both spellings. */
    public OldAttentionNames(WeightTree weights) {
        this.weights = weights;
    }

    @Override
    public Optional<String> identity() {
        return weights.identity();
    }

    @Override
    public Parameter parameter(String path, Shape expected) {
        Matcher projection = PROJECTION.matcher(path);
        if (!projection.matches()) {
            return weights.parameter(path, expected);
        }
        String old = projection.group(1) + OLD.get(projection.group(2)) + projection.group(3);
        String stored = weights.has(old) ? old : path;
        return expected.rank() == 2 ? matrix(stored, expected) : weights.parameter(stored, expected);
    }

    private Parameter matrix(String stored, Shape expected) {
        Shape convolution = Shape.of(expected.extent(0), expected.extent(1), 1, 1);
        if (!weights.has(stored) || !weights.shapeOf(stored).equals(convolution)) {
            return weights.parameter(stored, expected);
        }
        Parameter parameter = weights.parameter(stored, convolution);
        return new Parameter(
                parameter.path(),
                parameter.dtype(),
                expected,
                parameter.strides().subList(0, 2),
                parameter.data());
    }
}
