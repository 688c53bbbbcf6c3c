package io.art2mus.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a table, whatever its format: to this reader all are tokens of JSON. The file is untrusted, so everything is bounded. */
final class TableReader {
    /** A hundred times the published pairs. */
    private static final int MOST_PAIRS = 1_000_000;

    /** As long as a path may be. */
    private static final int LONGEST_CELL = 4_096;

    private static final long MOST_CHARACTERS = 512L << 20;

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(16)
            .maxNameLength(LONGEST_CELL)
            .maxStringLength(LONGEST_CELL)
            .maxNumberLength(40)
            .maxDocumentLength(MOST_CHARACTERS)
            .build();

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(BOUNDS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Rows of the published table are names of their own: a table of them would only be memory.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final CsvFactory CSV = CsvFactory.builder()
            .streamReadConstraints(BOUNDS)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .build();

    private final Path file;
    private final JsonParser json;
    private final List<TableRow> rows = new ArrayList<>();

    private TableReader(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /** The columns that matter. */
    private enum Column {
        IMAGE,
        AUDIO,
        STYLE;

        static @Nullable Column named(String name) {
            return switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "image" -> IMAGE;
                case "audio" -> AUDIO;
                case "style" -> STYLE;
                default -> null;
            };
        }
    }

    /** All rows; a {@link DataException} where the file is no table. */
    static List<TableRow> read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean csv = name.endsWith(".csv");
        boolean columns = name.endsWith(".json");
        if (!csv && !columns && !name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
            throw new DataException(file, "is no kind of table that is known", "give .csv, .jsonl or .json");
        }
        // A decoder of its own, for the default one lets broken UTF-8 pass.
        try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            skipByteOrderMark(text);
            try (JsonParser json = csv ? CSV.createParser(text) : JSON.createParser(text)) {
                if (csv) {
                    json.setSchema(CsvSchema.emptySchema().withHeader());
                }
                TableReader reader = new TableReader(file, json);
                if (columns) {
                    reader.readColumns();
                } else {
                    reader.readRows();
                }
                return reader.rows;
            }
        } catch (JsonProcessingException malformed) {
            JsonLocation at = malformed.getLocation();
            throw new DataException(
                    file,
                    (at == null || at.getLineNr() < 1 ? "" : "line " + at.getLineNr() + ": ")
                            + malformed.getOriginalMessage(),
                    "is the table whole, and named after its format?",
                    malformed);
        } catch (CharacterCodingException notText) {
            throw new DataException(file, "is no UTF-8 text", "save it as UTF-8", notText);
        }
    }

    /** Spreadsheets write one. */
    private static void skipByteOrderMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
    }

    /** An object a row. */
    private void readRows() throws IOException {
        while (json.nextToken() != null) {
            requireObject("a pair");
            Map<Column, String> cells = new EnumMap<>(Column.class);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                Column column = Column.named(json.currentName());
                json.nextToken();
                if (column == null) {
                    json.skipChildren();
                } else {
                    put(cells, column);
                }
            }
            add("pair " + (rows.size() + 1), cells.get(Column.IMAGE), cells.get(Column.AUDIO), cells.get(Column.STYLE));
        }
    }

    /** An object a column, whose cells have the same names in each. */
    private void readColumns() throws IOException {
        json.nextToken();
        requireObject("the table");
        Map<Column, Map<String, String>> columns = new EnumMap<>(Column.class);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            Column column = Column.named(name);
            json.nextToken();
            if (column == null) {
                json.skipChildren();
                continue;
            }
            requireObject(name);
            if (columns.put(column, cells()) != null) {
                throw damaged("has two columns " + name);
            }
        }
        if (json.nextToken() != null) {
            throw damaged("goes on after its end");
        }
        Map<String, String> pictures = columns.getOrDefault(Column.IMAGE, Map.of());
        Map<String, String> music = columns.getOrDefault(Column.AUDIO, Map.of());
        Map<String, String> styles = columns.getOrDefault(Column.STYLE, Map.of());
        Set<String> names = new LinkedHashSet<>(pictures.keySet());
        names.addAll(music.keySet());
        for (String name : names) {
            add("pair \"" + name + "\"", pictures.get(name), music.get(name), styles.get(name));
        }
    }

    private Map<String, String> cells() throws IOException {
        Map<String, String> cells = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            put(cells, name);
            requireFew(cells.size());
        }
        return cells;
    }

    /** The cell that the parser stands at; one that is null stays missing. */
    private <K> void put(Map<K, String> cells, K key) throws IOException {
        if (!json.currentToken().isScalarValue()) {
            throw damaged("line " + json.currentLocation().getLineNr() + " holds a list or an object for a text");
        }
        if (json.currentToken() != JsonToken.VALUE_NULL && cells.put(key, json.getText()) != null) {
            throw damaged("line " + json.currentLocation().getLineNr() + " names a column twice");
        }
    }

    private void add(String name, @Nullable String picture, @Nullable String music, @Nullable String style) {
        rows.add(new TableRow(name, picture, music, style));
        requireFew(rows.size());
    }

    private void requireFew(int pairs) {
        if (pairs > MOST_PAIRS) {
            throw new DataException(file, "holds more than " + MOST_PAIRS + " pairs", "train on fewer");
        }
    }

    private void requireObject(String what) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw damaged(what + " is no JSON object");
        }
    }

    private DataException damaged(String how) {
        return new DataException(file, how, "is the table whole, and named after its format?");
    }
}
