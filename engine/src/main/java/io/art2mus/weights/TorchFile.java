package io.art2mus.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mapped PyTorch file ({@code .pt}, {@code .pth}, {@code .bin}) that holds a flat state dict: a zip archive of a pickle,
 * which says what tensors there are, and of one uncompressed entry a storage. The pickle is read by a machine that can
 * only describe tensors; see {@link TorchPickle}.
 */
public final class TorchFile extends MappedTensors {
    private static final String PICKLE = "data.pkl";

    private TorchFile(MappedFile file, Map<String, StoredTensor> tensors) {
        super(file, tensors);
    }

    /** Maps a file and checks its directory, its pickle and every tensor; a {@link WeightsException} where it lies. */
    public static TorchFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            requireZip(file);
            return new TorchFile(file, tensors(file));
        } catch (Throwable refused) {
            file.close();
            throw refused;
        }
    }

    private static void requireZip(MappedFile file) {
        byte[] start = file.bytes().asSlice(0, Math.min(4, file.size())).toArray(ValueLayout.JAVA_BYTE);
        if (start.length > 0 && start[0] == (byte) 0x80) {
            throw new WeightsException(
                    "a PyTorch file from before version 1.6, whose tensors cannot be mapped",
                    file.path(),
                    "convert it once with torch.save(torch.load(path, weights_only=True), path)");
        }
        if (!Arrays.equals(start, new byte[] {'P', 'K', 3, 4})) {
            throw new WeightsException("no PyTorch file", file.path(), "give a .pt, .pth or .bin of tensors");
        }
    }

    private static Map<String, StoredTensor> tensors(MappedFile file) {
        Map<String, StoredZip.Entry> entries = StoredZip.read(file);
        Map.Entry<String, StoredZip.Entry> pickle = pickle(file, entries);
        String folder = pickle.getKey().substring(0, pickle.getKey().length() - PICKLE.length());
        StoredZip.Entry byteOrder = entries.get(folder + "byteorder");
        if (byteOrder != null && !holds(file, byteOrder, "little")) {
            throw new WeightsException(
                    "the tensors are not little-endian", file.path(), "save it again on a little-endian machine");
        }
        Map<String, TorchTensor> described = TorchPickle.read(file, bytes(file, pickle.getValue()));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        described.forEach((name, tensor) -> {
            StoredZip.Entry storage =
                    entries.get(folder + "data/" + tensor.storage().key());
            if (storage == null) {
                throw file.damaged(name + " views storage " + tensor.storage().key() + ", which the archive lacks");
            }
            tensors.put(name, stored(file, name, tensor, storage));
        });
        return tensors;
    }

    /** The one pickle, in the one folder everything lies in, which bears the name the file was saved under. */
    private static Map.Entry<String, StoredZip.Entry> pickle(MappedFile file, Map<String, StoredZip.Entry> entries) {
        List<Map.Entry<String, StoredZip.Entry>> pickles = entries.entrySet().stream()
                .filter(entry -> entry.getKey().indexOf('/') == entry.getKey().length() - PICKLE.length() - 1)
                .filter(entry -> entry.getKey().endsWith("/" + PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw new WeightsException(
                    "the archive holds " + pickles.size() + " pickles named " + PICKLE,
                    file.path(),
                    "is this a PyTorch file?");
        }
        return pickles.getFirst();
    }

    private static MemorySegment bytes(MappedFile file, StoredZip.Entry entry) {
        return file.bytes().asSlice(entry.offset(), entry.length());
    }

    private static boolean holds(MappedFile file, StoredZip.Entry entry, String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII)).mismatch(bytes(file, entry)) == -1;
    }

    private static StoredTensor stored(MappedFile file, String name, TorchTensor tensor, StoredZip.Entry storage) {
        StoredType type = tensor.storage().type();
        try {
            if (Math.multiplyExact(tensor.storage().elements(), type.bytes()) != storage.length()) {
                throw file.damaged(
                        name + " views a storage of " + tensor.storage().elements() + " elements in " + type
                                + ", whose entry is " + storage.length() + " bytes");
            }
            long span = span(tensor);
            if (span < 0) {
                throw file.damaged(name + " leaves its storage: " + tensor.extents() + " with strides "
                        + tensor.strides() + " from element " + tensor.offset() + " of "
                        + tensor.storage().elements());
            }
            return new StoredTensor(
                    type,
                    tensor.extents(),
                    tensor.strides(),
                    storage.offset() + tensor.offset() * type.bytes(),
                    span * type.bytes());
        } catch (ArithmeticException overflow) {
            throw file.damaged(name + " is larger than any file: " + tensor.extents());
        }
    }

    /**
     * Elements from the first to the last one inclusive, or -1 where they are not all in the storage. A view that shows
     * elements twice (stride 0) is refused too: a few bytes could claim to be any number of elements.
     */
    private static long span(TorchTensor tensor) {
        List<Long> extents = tensor.extents();
        List<Long> strides = tensor.strides();
        boolean countable = tensor.offset() >= 0
                && strides.size() == extents.size()
                && extents.stream().allMatch(extent -> extent >= 0)
                && strides.stream().allMatch(stride -> stride >= 0);
        if (!countable) {
            return -1;
        }
        long elements = StoredTensor.elements(extents);
        long span = 0;
        if (elements > 0) {
            span = 1;
            for (int axis = 0; axis < extents.size(); axis++) {
                span = Math.addExact(span, Math.multiplyExact(extents.get(axis) - 1, strides.get(axis)));
            }
        }
        boolean inside =
                Math.addExact(tensor.offset(), span) <= tensor.storage().elements();
        return inside && elements <= tensor.storage().elements() ? span : -1;
    }
}
