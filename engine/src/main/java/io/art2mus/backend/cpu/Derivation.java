package io.art2mus.backend.cpu;

import io.art2mus.graph.Parameter;
import java.lang.foreign.Arena;

/** How the weight that a primitive multiplies by is computed from the stored one, once, before it is packed. */
interface Derivation {
    /** The stored weight itself. */
    Derivation NONE = new Derivation() {
        @Override
        public String name() {
            return "";
        }

        @Override
        public Parameter of(Parameter stored, Arena arena) {
            return stored;
        }
    };

    /** Tells weights from each other that are kept under one path; to be changed when they change. */
    String name();

    /**
     * The weight.
     *
     * @param stored float32
     * @param arena owns what is made
     */
    Parameter of(Parameter stored, Arena arena);
}
