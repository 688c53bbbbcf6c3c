package io.art2mus.weights;

import java.util.Map;
import java.util.Optional;

/** The few names a pickle of tensors may mention. None is ever looked up or called; each stands for a step of our own. */
sealed interface TorchGlobal {
    /** The callables of a state dict. */
    enum Callable implements TorchGlobal {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER
    }

    /** A storage class, which says how the elements are stored. */
    record Storage(StoredType type) implements TorchGlobal {}

    /** By the module and the name that the pickle spells, with a blank between. */
    Map<String, TorchGlobal> KNOWN = Map.ofEntries(
            Map.entry("collections OrderedDict", Callable.ORDERED_DICT),
            Map.entry("torch._utils _rebuild_tensor_v2", Callable.REBUILD_TENSOR),
            Map.entry("torch._utils _rebuild_parameter", Callable.REBUILD_PARAMETER),
            Map.entry("torch DoubleStorage", new Storage(StoredType.F64)),
            Map.entry("torch FloatStorage", new Storage(StoredType.F32)),
            Map.entry("torch HalfStorage", new Storage(StoredType.F16)),
            Map.entry("torch BFloat16Storage", new Storage(StoredType.BF16)),
            Map.entry("torch LongStorage", new Storage(StoredType.I64)),
            Map.entry("torch IntStorage", new Storage(StoredType.I32)),
            Map.entry("torch ShortStorage", new Storage(StoredType.I16)),
            Map.entry("torch CharStorage", new Storage(StoredType.I8)),
            Map.entry("torch ByteStorage", new Storage(StoredType.U8)),
            Map.entry("torch BoolStorage", new Storage(StoredType.BOOL)));

    /** What a global stands for, or empty where it is none of a state dict's. */
    static Optional<TorchGlobal> of(String module, String name) {
        return Optional.ofNullable(KNOWN.get(module + " " + name));
    }
}
