package io.art2mus.provenance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.art2mus.audio.UnfinishedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Provenance as a JSON file beside the sound: indented, keys in snake case and always in the same order, null left out. */
public final class ProvenanceFile {
    /** Far above what a prompt of any length that is worth writing needs. */
    private static final int LONGEST = 4 << 20;

    private static final String REMEDY = "give the JSON that art2mus wrote beside a sound";

    private ProvenanceFile() {}

    /** Where the provenance of a sound lies: {@code dusk.wav.json} beside {@code dusk.wav}. */
    public static Path beside(Path sound) {
        return sound.resolveSibling(sound.getFileName() + ".json");
    }

    /** The file's bytes: UTF-8 with a line break at the end. */
    public static byte[] toBytes(Provenance provenance) {
        return (RecordWriter.indented(provenance) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes the file beside its place and renames it; what was there is replaced.
     *
     * @throws ProvenanceException if it cannot be written; {@code file} is then as it was
     */
    public static void write(Path file, Provenance provenance) {
        try (UnfinishedFile unfinished = UnfinishedFile.beside(file)) {
            Files.write(unfinished.path(), toBytes(provenance));
            unfinished.finish();
        } catch (IOException failure) {
            throw new ProvenanceException(
                    file,
                    "cannot be written (" + failure.getMessage() + ")",
                    "check the folder's permissions and the free space",
                    failure);
        }
    }

    /**
     * Reads a file that may come from anywhere. Nothing in it is taken that a run could not have written: unknown, missing and repeated
     * fields, values of another type or out of bounds, paths that leave their folder.
     *
     * @throws ProvenanceException with the first thing that is wrong
     */
    public static Provenance read(Path file) {
        String text = text(file);
        try (JsonParser json = ProvenanceJson.STRICT.createParser(text)) {
            @Nullable Provenance read = ProvenanceJson.STRICT.readValue(json, Provenance.class);
            if (read == null) {
                throw new ProvenanceException(file, "no JSON object", REMEDY);
            }
            return read;
        } catch (JsonMappingException misfit) {
            throw new ProvenanceException(file, "no provenance: " + describe(misfit), REMEDY, misfit);
        } catch (JsonProcessingException malformed) {
            throw new ProvenanceException(file, "no valid JSON: " + malformed.getOriginalMessage(), REMEDY, malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String text(Path file) {
        // Asked before opening, for opening a pipe would wait for its writer.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ProvenanceException(file, "not a file", REMEDY);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new ProvenanceException(file, "longer than " + LONGEST + " bytes", REMEDY);
            }
            // A decoder of our own, for the default one lets broken UTF-8 pass.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw new ProvenanceException(file, "no such file", "check its name", missing);
        } catch (CharacterCodingException notText) {
            throw new ProvenanceException(file, "no UTF-8 text", REMEDY, notText);
        } catch (IOException unreadable) {
            throw new ProvenanceException(
                    file, "cannot be read (" + unreadable.getMessage() + ")", "check its permissions", unreadable);
        }
    }

    /** Where in the JSON, and what: our own words where a record refused a value. */
    private static String describe(JsonMappingException misfit) {
        String where = misfit.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        String prefix = where.isEmpty() ? "" : where + ": ";
        return switch (misfit) {
            case UnrecognizedPropertyException _ -> where + " is unknown";
            case ValueInstantiationException refused
            when refused.getCause() != null -> prefix + refused.getCause().getMessage();
            case MismatchedInputException other
            when !where.isEmpty() -> where + " is missing, or no " + kind(other.getTargetType());
            default -> prefix + misfit.getOriginalMessage().lines().findFirst().orElse("");
        };
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == int.class || type == long.class) {
            return "whole number";
        } else if (type == double.class || type == Double.class) {
            return "number";
        } else if (type == String.class) {
            return "text";
        } else if (type == Instant.class) {
            return "time such as 2025-01-31T12:00:00Z";
        }
        return "list or object of the right kind";
    }
}
