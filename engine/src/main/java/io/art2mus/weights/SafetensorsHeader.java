package io.art2mus.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checked header of a safetensors file.
 *
 * @param tensors by name, in the header's order
 * @param metadata free text about the file
 */
record SafetensorsHeader(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The format's own limit. */
    private static final long LONGEST_HEADER = 100_000_000;
    /** Files of embeddings hold one tensor a track, some 100,000; beyond this the table would fill the heap. */
    private static final int MOST_TENSORS = 250_000;

    static SafetensorsHeader read(MappedFile file) {
        long length = file.size() < Long.BYTES ? -1 : file.bytes().get(LITTLE_ENDIAN_LONG, 0);
        if (length < 0 || length > file.size() - Long.BYTES) {
            throw file.damaged("the header does not fit in the " + file.size() + " bytes of the file");
        }
        if (length > LONGEST_HEADER) {
            throw file.damaged("the header is longer than " + LONGEST_HEADER + " bytes");
        }
        MemorySegment header = file.bytes().asSlice(Long.BYTES, length);
        if (length == 0 || header.get(ValueLayout.JAVA_BYTE, 0) != '{') {
            throw file.damaged("the header is no JSON object");
        }
        return MappedJson.read(file, header, json -> {
            Parse parse = new Parse(file, json, Long.BYTES + length);
            parse.header();
            requireNoGaps(file, parse.tensors, Long.BYTES + length);
            return new SafetensorsHeader(parse.tensors, parse.metadata);
        });
    }

    /** Tensors fill the rest of the file without gap or overlap, in whatever order the header names them. */
    private static void requireNoGaps(MappedFile file, Map<String, StoredTensor> tensors, long dataStart) {
        List<Map.Entry<String, StoredTensor>> byOffset = new ArrayList<>(tensors.entrySet());
        byOffset.sort(Comparator.comparingLong((Map.Entry<String, StoredTensor> tensor) ->
                        tensor.getValue().offset())
                .thenComparingLong(tensor -> tensor.getValue().length()));
        long end = dataStart;
        for (Map.Entry<String, StoredTensor> tensor : byOffset) {
            long offset = tensor.getValue().offset();
            if (offset != end) {
                String how = offset < end ? " overlaps the tensor before it" : " leaves a gap before it";
                throw file.damaged(tensor.getKey() + how);
            }
            end = offset + tensor.getValue().length();
        }
        if (end != file.size()) {
            throw file.damaged((file.size() - end) + " bytes after the last tensor belong to none");
        }
    }

    /** One pass over the header's JSON. */
    private static final class Parse {
        private final MappedFile file;
        private final JsonParser json;
        private final long dataStart;
        private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Parse(MappedFile file, JsonParser json, long dataStart) {
            this.file = file;
            this.json = json;
            this.dataStart = dataStart;
        }

        void header() throws IOException {
            require(json.nextToken() == JsonToken.START_OBJECT, "the header is no JSON object");
            boolean metadataSeen = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (name.equals("__metadata__")) {
                    require(!metadataSeen, "__metadata__ is there twice");
                    metadataSeen = true;
                    metadata();
                } else {
                    require(tensors.size() < MOST_TENSORS, "more than " + MOST_TENSORS + " tensors");
                    require(tensors.put(name, tensor(name)) == null, name + " is there twice");
                }
            }
        }

        private void metadata() throws IOException {
            require(json.nextToken() == JsonToken.START_OBJECT, "__metadata__ is no JSON object");
            long characters = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                require(json.nextToken() == JsonToken.VALUE_STRING, "__metadata__." + key + " is no text");
                String value = json.getText();
                characters += key.length() + value.length();
                require(characters <= MappedJson.LONGEST_TEXT, "__metadata__ is too long");
                require(metadata.put(key, value) == null, "__metadata__." + key + " is there twice");
            }
        }

        private StoredTensor tensor(String name) throws IOException {
            require(json.nextToken() == JsonToken.START_OBJECT, name + " is described by no JSON object");
            StoredType type = null;
            List<Long> extents = null;
            List<Long> offsets = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                switch (key) {
                    case "dtype" -> type = once(name, key, type, type(name));
                    case "shape" -> extents = once(name, key, extents, counts(name, key));
                    case "data_offsets" -> offsets = once(name, key, offsets, counts(name, key));
                    default -> throw file.damaged(name + " has the unknown key " + key);
                }
            }
            if (type == null || extents == null || offsets == null || offsets.size() != 2) {
                throw file.damaged(name + " lacks its dtype, its shape or two offsets");
            }
            return stored(name, type, extents, offsets.get(0), offsets.get(1));
        }

        private StoredTensor stored(String name, StoredType type, List<Long> extents, long begin, long end) {
            require(begin <= end, name + " ends before it begins: [" + begin + ", " + end + "]");
            require(
                    end <= file.size() - dataStart,
                    name + " lies outside the file: [" + begin + ", " + end + "] of " + (file.size() - dataStart));
            try {
                long needed = Math.multiplyExact(StoredTensor.elements(extents), type.bytes());
                require(
                        needed == end - begin,
                        name + " " + extents + " in " + type + " is " + needed + " bytes, its offsets span "
                                + (end - begin));
                return new StoredTensor(type, extents, StoredTensor.rowMajor(extents), dataStart + begin, end - begin);
            } catch (ArithmeticException overflow) {
                throw file.damaged(name + " " + extents + " in " + type + " is larger than any file");
            }
        }

        private StoredType type(String name) throws IOException {
            require(json.nextToken() == JsonToken.VALUE_STRING, name + " has a dtype that is no text");
            String dtype = json.getText();
            Optional<StoredType> type = StoredType.named(dtype);
            return type.orElseThrow(() -> file.damaged(name + " has the unknown dtype " + dtype));
        }

        private List<Long> counts(String name, String key) throws IOException {
            require(json.nextToken() == JsonToken.START_ARRAY, name + " has no list as its " + key);
            List<Long> counts = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                require(
                        json.currentToken() == JsonToken.VALUE_NUMBER_INT && counts.size() < StoredTensor.MOST_AXES,
                        name + " has a " + key + " that is no short list of whole numbers");
                long count = json.getLongValue();
                require(count >= 0, name + " has " + count + " in its " + key);
                counts.add(count);
            }
            return List.copyOf(counts);
        }

        private <T> T once(String name, String key, @Nullable T before, T now) {
            require(before == null, name + " has its " + key + " twice");
            return now;
        }

        private void require(boolean holds, String otherwise) {
            if (!holds) {
                throw file.damaged(otherwise);
            }
        }
    }
}
