package io.art2mus.weights;

import io.art2mus.graph.DType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * Weights of a network that may still be weight-normalised, as vocoders are often published. Where a {@code weight} is
 * stored as its length g and its direction v, the plain weight g·v/‖v‖ is computed, with one norm an outermost index;
 * everything else is handed through.
 *
 * @see <a href="https://arxiv.org/abs/1602.07868">Salimans and Kingma 2016, equation 2</a>
 */
public final class WeightNormFolding implements ParameterSource {
    private final WeightTree weights;
    private final Arena arena;

    /**
     * @param weights where the parameters lie
     * @param arena owns the folded ones, float32, and must outlive whatever reads them
     */
    public WeightNormFolding(WeightTree weights, Arena arena) {
        this.weights = weights;
        this.arena = arena;
    }

    @Override
    public Optional<String> identity() {
        return weights.identity();
    }

    @Override
    public Parameter parameter(String path, Shape expected) {
        String parametrizations = path.replaceFirst("weight$", "parametrizations.weight.original");
        if (weights.has(path + "_v")) {
            return fold(path, path + "_g", path + "_v", expected);
        }
        if (weights.has(parametrizations + "1")) {
            return fold(path, parametrizations + "0", parametrizations + "1", expected);
        }
        return weights.parameter(path, expected);
    }

    private Parameter fold(String path, String lengthPath, String directionPath, Shape expected) {
        HostTensor weight = weights.parameter(directionPath, expected).floats(arena);
        try (Arena scratch = Arena.ofConfined()) {
            HostTensor lengths =
                    weights.parameter(lengthPath, lengths(expected)).floats(scratch);
            long row = expected.elements() / expected.extent(0);
            for (long outer = 0; outer < expected.extent(0); outer++) {
                double norm = norm(weight, outer * row, row);
                if (norm == 0) {
                    throw weights.refused(directionPath, "is all zeros at index " + outer + " and so has no direction");
                }
                double factor = lengths.get(outer) / norm;
                for (long i = outer * row; i < (outer + 1) * row; i++) {
                    weight.set(i, (float) (weight.get(i) * factor));
                }
            }
        }
        return Parameter.contiguous(path, DType.F32, expected, weight.data());
    }

    private static double norm(HostTensor tensor, long first, long count) {
        double squares = 0;
        for (long i = first; i < first + count; i++) {
            squares += (double) tensor.get(i) * tensor.get(i);
        }
        return Math.sqrt(squares);
    }

    /** One length an outermost index, the other axes kept with extent 1. */
    private static Shape lengths(Shape weight) {
        Shape lengths = weight;
        for (int axis = 1; axis < weight.rank(); axis++) {
            lengths = lengths.with(axis, 1);
        }
        return lengths;
    }
}
