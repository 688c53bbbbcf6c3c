package io.art2mus.cli.generate;

import io.art2mus.audio.SoundException;
import io.art2mus.audio.SoundFiles;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.provenance.ProvenanceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which file each sound goes to. */
final class Targets {
    /** What a text alone becomes. */
    private static final String WORDS = "music";

    private final Map<Path, Path> targets = new LinkedHashMap<>();
    private final Path ofText;
    private final SoundFormat format;
    private final int kept;

    private Targets(Path ofText, SoundFormat format, int kept) {
        this.ofText = ofText;
        this.format = format;
        this.kept = kept;
    }

    /**
     * Finds a place for each picture's sound, or for the text's where there is none; bad usage where two would share one.
     *
     * @param kept how many sounds are kept of each
     */
    static Targets of(List<Path> pictures, OutputOptions options, int kept) {
        Path output = options.output();
        boolean folder = output == null || Files.isDirectory(output) || pictures.size() > 1;
        SoundFormat format = options.soundFormat(folder ? null : output);
        Path base = folder && output != null ? output : Path.of("");
        if (pictures.size() > 1 && !Files.isDirectory(base.toAbsolutePath())) {
            String what = Files.exists(base) ? " is a file" : " does not exist";
            throw Files.exists(base)
                    ? options.refused("-o " + base + what + ", but several pictures need a folder")
                    : new SoundException(base + what, "create the folder first");
        }
        Targets targets = new Targets(
                folder || output == null ? base.resolve(WORDS + "." + format.extension()) : output, format, kept);
        Map<Path, Path> takenBy = new LinkedHashMap<>();
        for (Path picture : pictures) {
            Path target = folder || output == null ? base.resolve(name(picture, format)) : output;
            Path other = takenBy.put(target, picture);
            if (other != null) {
                throw options.refused(
                        other + " and " + picture + " would both become " + target + "; rename one of them");
            }
            targets.targets.put(picture, target);
        }
        return targets;
    }

    private static String name(Path picture, SoundFormat format) {
        String name = String.valueOf(picture.getFileName());
        int dot = name.lastIndexOf('.');
        return (dot > 0 ? name.substring(0, dot) : name) + "." + format.extension();
    }

    SoundFormat format() {
        return format;
    }

    /** Where the best sound goes; {@code picture} is null for text alone. */
    Path best(@Nullable Path picture) {
        return picture == null ? ofText : targets.getOrDefault(picture, ofText);
    }

    /** Where the sounds that are kept go: the best one, or each candidate in the order of their noise. */
    List<Path> kept(@Nullable Path picture) {
        Path best = best(picture);
        if (kept == 1) {
            return List.of(best);
        }
        String name = String.valueOf(best.getFileName());
        int dot = name.lastIndexOf('.');
        return IntStream.rangeClosed(1, kept)
                .mapToObj(i -> best.resolveSibling(
                        dot > 0 ? name.substring(0, dot) + "-" + i + name.substring(dot) : name + "-" + i))
                .toList();
    }

    /** Refuses places that cannot be written to, and files that are there already unless they may be replaced. */
    void requireFree(@Nullable Path picture, boolean overwrite) {
        for (Path target : kept(picture)) {
            requireFreePlace(target, overwrite);
            requireFreePlace(ProvenanceFile.beside(target), overwrite);
        }
    }

    /** The same for one more file. */
    static void requireFreePlace(Path target, boolean overwrite) {
        SoundFiles.requireWritable(target);
        if (Files.exists(target) && !overwrite) {
            throw new SoundException(target + " exists already", "give --overwrite or another -o");
        }
    }
}
