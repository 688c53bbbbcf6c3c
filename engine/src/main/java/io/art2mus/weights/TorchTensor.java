package io.art2mus.weights;

import java.util.List;

/**
 * A tensor as a pickle describes it: a strided view on a storage. Nothing about it is checked yet.
 *
 * @param storage what it views
 * @param offset first element, counted in elements of the storage
 * @param extents outermost first
 * @param strides elements to skip an axis step
 */
record TorchTensor(Storage storage, long offset, List<Long> extents, List<Long> strides) {
    /**
     * A storage in the archive.
     *
     * @param type how its elements are stored
     * @param key its entry is {@code data/<key>}
     * @param elements how many it holds
     */
    record Storage(StoredType type, String key, long elements) {}
}
