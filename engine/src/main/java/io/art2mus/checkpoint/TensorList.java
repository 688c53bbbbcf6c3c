package io.art2mus.checkpoint;

import io.art2mus.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/** Tensors written down by hand, from a place in a model: places nest as parameter paths do. */
final class TensorList {
    private final List<NewTensor> tensors;
    private final String prefix;

    private TensorList(List<NewTensor> tensors, String prefix) {
        this.tensors = tensors;
        this.prefix = prefix;
    }

    /** An empty list, seen from a model's root. */
    static TensorList create() {
        return new TensorList(new ArrayList<>(), "");
    }

    /** The place {@code name} below this one; names joined by dots go several down. */
    TensorList at(String name) {
        return new TensorList(tensors, prefix + name + ".");
    }

    /** The numbered place below this one. */
    TensorList at(int index) {
        return at(Integer.toString(index));
    }

    /** A parameter whose filling follows from its name. */
    void add(String name, long... extents) {
        tensors.add(NewTensor.of(prefix + name, extents));
    }

    /** A parameter of this filling. */
    void add(String name, Filling filling, long... extents) {
        tensors.add(new NewTensor(prefix + name, Shape.of(extents), filling));
    }

    /** Weight and bias of a Linear. */
    void linear(String name, long in, long out) {
        add(name + ".weight", out, in);
        add(name + ".bias", out);
    }

    /** Scale and shift of a normalisation. */
    void norm(String name, long width) {
        add(name + ".weight", width);
        add(name + ".bias", width);
    }

    /** All tensors, in the order they were added, whatever place this is. */
    List<NewTensor> all() {
        return List.copyOf(tensors);
    }
}
