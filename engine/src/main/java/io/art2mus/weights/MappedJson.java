package io.art2mus.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** JSON in a mapped file, of bounded depth and in strict UTF-8. */
final class MappedJson {
    /** Longest text value, in characters: the metadata of a safetensors file is the longest there is. */
    static final int LONGEST_TEXT = 16 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNameLength(2_000)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(40)
                    .build())
            // Names of tensors are met once: a table of them would only be memory.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private MappedJson() {}

    /** What a caller makes of the JSON. */
    interface Reading<T> {
        T from(JsonParser json) throws IOException;
    }

    /** Reads all of {@code text}, a part of the file; a {@link WeightsException} where it is no JSON or goes on after it. */
    static <T> T read(MappedFile file, MemorySegment text, Reading<T> reading) {
        // A decoder of our own, for the default one lets broken UTF-8 pass.
        try (Reader characters = new InputStreamReader(
                        new ByteBufferBackedInputStream(text.asByteBuffer()), StandardCharsets.UTF_8.newDecoder());
                JsonParser json = JSON.createParser(characters)) {
            T value = reading.from(json);
            if (json.nextToken() != null) {
                throw file.damaged("something follows the JSON");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            throw file.damaged("no valid JSON: " + malformed.getOriginalMessage());
        } catch (IOException notText) {
            throw file.damaged("no UTF-8 text");
        }
    }
}
