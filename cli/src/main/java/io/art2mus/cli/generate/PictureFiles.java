package io.art2mus.cli.generate;

import io.art2mus.audio.SoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The pictures that a command line names, folders opened. */
final class PictureFiles {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp", "tif", "tiff", "gif", "bmp");

    /** More folders in folders than any collection has. */
    private static final int DEEPEST = 64;

    private PictureFiles() {}

    /**
     * Files as they are named, and each folder's pictures in the order of their paths, found by their names' endings. Links are
     * followed, and what is reached twice is taken once.
     */
    static List<Path> of(List<Path> named) {
        Map<Path, Path> pictures = new LinkedHashMap<>();
        for (Path path : named) {
            List<Path> found = Files.isDirectory(path) ? inFolder(path) : List.of(path);
            found.forEach(picture -> pictures.putIfAbsent(real(picture), picture));
        }
        return List.copyOf(pictures.values());
    }

    /** The one name of a file that has several; of one that is not there, the name it would have. */
    static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException _) {
            // Whoever reads the file says what is wrong with it.
            return file.toAbsolutePath().normalize();
        }
    }

    private static List<Path> inFolder(Path folder) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && hasPictureName(file)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof FileSystemLoopException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        if (found.isEmpty()) {
            throw new SoundException(folder + " holds no picture", "name one, or a folder with .png, .jpg … files");
        }
        Collections.sort(found);
        return found;
    }

    private static boolean hasPictureName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
