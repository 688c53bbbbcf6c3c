package io.art2mus.data;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of pairs: CSV with a header ({@code .csv}), JSON Lines ({@code .jsonl}, {@code .ndjson}), or one JSON object with an object a
 * column, as pandas writes it and the pairs of Art2Mus are published ({@code .json}). Columns are called image, audio and, where there
 * are styles, style, in either case of letters; others are ignored.
 *
 * @param file it was read from
 * @param pairs in the table's order, each once
 * @param duplicates rows left out because an earlier one names the same picture and the same music
 */
public record PairTable(Path file, List<Pair> pairs, int duplicates) {
    public PairTable {
        pairs = List.copyOf(pairs);
    }

    /**
     * Reads a table.
     *
     * @throws DataException if it is missing, of another format, damaged or empty, or if a path in it would leave its folder
     */
    public static PairTable read(Path file) {
        List<TableRow> rows = rows(file);
        if (rows.isEmpty()) {
            throw new DataException(file, "holds no pair", "give a table with columns image and audio");
        }
        List<Pair> pairs = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int duplicates = 0;
        for (TableRow row : rows) {
            Pair pair = pair(file, row);
            // No path holds a NUL, so that two cannot be mistaken for two others.
            if (seen.add(pair.picture() + '\0' + pair.music())) {
                pairs.add(pair);
            } else {
                duplicates++;
            }
        }
        return new PairTable(file, pairs, duplicates);
    }

    private static List<TableRow> rows(Path file) {
        try {
            return TableReader.read(file);
        } catch (NoSuchFileException missing) {
            throw new DataException(file, "no such file", "check its name", missing);
        } catch (IOException unreadable) {
            throw new DataException(
                    file, "cannot be read (" + unreadable.getMessage() + ")", "check its permissions", unreadable);
        }
    }

    private static Pair pair(Path file, TableRow row) {
        String style = row.style();
        return new Pair(
                below(file, row, "image", row.picture()),
                below(file, row, "audio", row.music()),
                style == null || style.isBlank() ? null : style.strip());
    }

    /** A path that stays below the folder that it will be looked for in. */
    private static String below(Path file, TableRow row, String column, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new DataException(file, row.name() + " has no " + column, "give every pair a picture and its music");
        }
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new DataException(
                    file, row.name() + ": " + column + " is no path: " + invalid.getMessage(), "check it", invalid);
        }
        Path name = path.normalize();
        if (path.isAbsolute() || name.startsWith("..") || name.toString().isEmpty()) {
            String folder = column.equals("image") ? "--images" : "--audio";
            throw new DataException(
                    file,
                    row.name() + ": " + column + " " + text + " leads out of the folder",
                    "give paths below the one that " + folder + " names");
        }
        return name.toString();
    }
}
