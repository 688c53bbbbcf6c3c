package io.art2mus.ffi.onnxruntime;

import java.util.List;

/** A constant setting of a node. */
public sealed interface OnnxAttribute {
    /** Its name in the operator's specification. */
    String name();

    /** One integer. */
    record OfInt(String name, long value) implements OnnxAttribute {}

    /** A list of integers. */
    record OfInts(String name, List<Long> values) implements OnnxAttribute {
        public OfInts {
            values = List.copyOf(values);
        }
    }

    /** One float. */
    record OfFloat(String name, float value) implements OnnxAttribute {}

    /** One word. */
    record OfText(String name, String value) implements OnnxAttribute {}

    static OnnxAttribute of(String name, long value) {
        return new OfInt(name, value);
    }

    static OnnxAttribute of(String name, List<Long> values) {
        return new OfInts(name, values);
    }

    static OnnxAttribute of(String name, float value) {
        return new OfFloat(name, value);
    }

    static OnnxAttribute of(String name, String value) {
        return new OfText(name, value);
    }
}
