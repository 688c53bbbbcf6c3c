package io.art2mus.weights;

import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** What the two formats share once their table of tensors is read. */
abstract sealed class MappedTensors implements WeightFile permits SafetensorsFile, TorchFile {
    private final MappedFile file;
    private final Map<String, StoredTensor> tensors;

    /** Owns {@code file}. */
    MappedTensors(MappedFile file, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    @Override
    public final Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public final Path fileOf(String name) {
        return file.path();
    }

    @Override
    public final Shape shapeOf(String name) {
        return tensor(name).shape(name, file);
    }

    @Override
    public final Parameter parameter(String name) {
        return tensor(name).parameter(name, file);
    }

    private StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new WeightsException(name + " is missing", file.path(), "is this the right checkpoint?");
        }
        return tensor;
    }

    @Override
    public final void requireUnchanged() {
        file.requireUnchanged();
    }

    @Override
    public final void close() {
        file.close();
    }
}
