package io.art2mus.weights;

import io.art2mus.ffi.MappedPages;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A view on named tensors from one module's point: the code's path is the weight's path, so
 * {@code tree.at("down_blocks").at(1)} sees the parameters whose names begin with {@code down_blocks.1.}. A parameter is
 * asked for with the shape the model expects, and an error names its full path.
 */
public final class WeightTree implements ParameterSource {
    private final WeightFile file;
    private final Optional<String> identity;
    private final @Nullable FiniteParameters finite;
    private final String prefix;
    private final Set<String> taken;

    WeightTree(WeightFile file, Optional<String> identity, @Nullable FiniteParameters finite) {
        this(file, identity, finite, "", ConcurrentHashMap.newKeySet());
    }

    private WeightTree(
            WeightFile file,
            Optional<String> identity,
            @Nullable FiniteParameters finite,
            String prefix,
            Set<String> taken) {
        this.file = file;
        this.identity = identity;
        this.finite = finite;
        this.prefix = prefix;
        this.taken = taken;
    }

    /** The module {@code name} below this one; it need not exist. */
    public WeightTree at(String name) {
        return new WeightTree(file, identity, finite, prefix + name + ".", taken);
    }

    /** The {@code index}-th module of a list, counted from 0. */
    public WeightTree at(int index) {
        return at(Integer.toString(index));
    }

    /** Full name of a parameter seen from here, such as {@code down_blocks.1.attentions.0.proj_in.weight}. */
    public String path(String name) {
        return prefix + name;
    }

    /** Whether there is a parameter of this name, for spellings that differ between versions and for optional biases. */
    public boolean has(String name) {
        return file.names().contains(path(name));
    }

    /** Extents of a parameter, where widths follow from the weights; a {@link WeightsException} where it is missing. */
    public Shape shapeOf(String name) {
        requirePresent(name);
        return file.shapeOf(path(name));
    }

    /** The same where the model needs so many axes; a {@link WeightsException} where there are others. */
    public Shape shapeOf(String name, int rank) {
        Shape shape = shapeOf(name);
        if (shape.rank() != rank) {
            throw refused(name, "is " + shape + ", expected " + rank + " axes");
        }
        return shape;
    }

    /**
     * Takes a parameter, still mapped. A {@link WeightsException} where it is missing, has another shape, is stored as something
     * else than a float of up to 32 bits, or holds NaN or infinity, which would silence whatever it is part of.
     *
     * @param expected extents in PyTorch's order
     */
    @Override
    public Parameter parameter(String name, Shape expected) {
        Shape shape = shapeOf(name);
        if (!shape.equals(expected)) {
            throw refused(name, "is " + shape + ", expected " + expected);
        }
        Parameter parameter = file.parameter(path(name));
        switch (parameter.dtype()) {
            case F32, F16, BF16 -> {}
            case F64, I64, I32 -> throw refused(name, "is " + parameter.dtype() + ", expected F32, F16 or BF16");
        }
        requireFinite(parameter);
        taken.add(path(name));
        return parameter;
    }

    private void requireFinite(Parameter parameter) {
        if (finite != null && finite.contains(parameter.path())) {
            return;
        }
        boolean isFinite = Finiteness.isFinite(parameter);
        // A whole file is looked at before any of it is used.
        MappedPages.release(parameter.data());
        if (!isFinite) {
            throw new WeightsException(
                    parameter.path() + " holds NaN or infinity",
                    file.fileOf(parameter.path()),
                    "the training that wrote it failed, use another checkpoint");
        }
        if (finite != null) {
            finite.add(parameter.path());
        }
    }

    @Override
    public Optional<String> identity() {
        return identity;
    }

    /** Names of the parameters at or below this point that nothing took yet, in the order of the file. */
    public List<String> unused() {
        return file.names().stream()
                .filter(name -> name.startsWith(prefix) && !taken.contains(name))
                .toList();
    }

    private void requirePresent(String name) {
        if (!has(name)) {
            throw refused(name, "is missing");
        }
    }

    /** The error for a parameter, named as seen from here, that is not as the model needs it. */
    WeightsException refused(String name, String how) {
        String path = path(name);
        return new WeightsException(path + " " + how, file.fileOf(path), "is this checkpoint of the audioldm2 family?");
    }
}
