package io.art2mus.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is written beside the place it is meant for: renamed when it is complete, deleted otherwise, also when the
 * process is told to end.
 */
public final class UnfinishedFile implements AutoCloseable {
    private final Path target;
    private final Path path;
    private final Thread deletion = Thread.ofPlatform().unstarted(this::deleteQuietly);

    private UnfinishedFile(Path target, Path path) {
        this.target = target;
        this.path = path;
    }

    /** Creates an empty file in the folder of {@code target}. */
    public static UnfinishedFile beside(Path target) throws IOException {
        String name = ".art2mus-%d-%x.part".formatted(ProcessHandle.current().pid(), System.nanoTime());
        UnfinishedFile unfinished = new UnfinishedFile(target, target.resolveSibling(name));
        // The hook comes first: a process that is ending already refuses it, and then there must be no file.
        Runtime.getRuntime().addShutdownHook(unfinished.deletion);
        try {
            Files.createFile(unfinished.path);
            return unfinished;
        } catch (IOException failure) {
            unfinished.forgetDeletion();
            throw failure;
        }
    }

    /** Where to write. */
    public Path path() {
        return path;
    }

    /** Puts the complete file in its place; what was there is replaced. */
    public void finish() throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes the file unless it was finished. */
    @Override
    public void close() {
        deleteQuietly();
        forgetDeletion();
    }

    private void forgetDeletion() {
        try {
            Runtime.getRuntime().removeShutdownHook(deletion);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook is what ends it.
        }
    }

    private void deleteQuietly() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // Whatever made the file impossible is already on its way to the user.
        }
    }
}
