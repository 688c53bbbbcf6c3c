package io.art2mus.checkpoint;

import io.art2mus.weights.FileTree;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is filled out of sight: in a hidden one inside of it, whose content moves up when it is complete and is deleted
 * otherwise, also when the process is told to end. So a folder may be a mount point or a link, and is never half full.
 */
final class UnfinishedFolder implements AutoCloseable {
    /** A thread that is still writing may put a file where its folder was just emptied; each time there are fewer such threads. */
    private static final int DELETIONS = 100;

    private static final long MILLISECONDS_BETWEEN = 20;

    private final Path target;
    private final boolean created;
    private final Path hidden;
    private final List<Path> moved = new ArrayList<>();
    private final Thread deletion = Thread.ofPlatform().unstarted(this::deleteQuietly);
    private boolean finished;

    private UnfinishedFolder(Path target, boolean created) {
        this.target = target;
        this.created = created;
        hidden = target.resolve(
                ".art2mus-%d.part".formatted(ProcessHandle.current().pid()));
    }

    /** Refuses a place that is neither free nor an empty folder, in one line. */
    static void requireFree(Path target) {
        try (Stream<Path> content = Files.list(target)) {
            if (content.findAny().isPresent()) {
                throw new WeightsException("not an empty folder", target, "name a new or an empty one");
            }
        } catch (NotDirectoryException file) {
            throw new WeightsException("not a folder", target, "name a new or an empty one", file);
        } catch (IOException unreadable) {
            if (Files.exists(target)) {
                throw new WeightsException("cannot be read", target, "check its permissions", unreadable);
            }
        }
    }

    /** Creates the folder where it is not there, and the hidden one in it. */
    static UnfinishedFolder in(Path target) {
        requireFree(target);
        UnfinishedFolder folder = new UnfinishedFolder(target, !Files.exists(target));
        // The hook comes first: a process that is ending already refuses it, and then there must be no folder.
        Runtime.getRuntime().addShutdownHook(folder.deletion);
        try {
            Files.createDirectories(folder.hidden);
            return folder;
        } catch (IOException failure) {
            folder.close();
            throw new WeightsException("cannot be created", target, "check that its folder is writable", failure);
        }
    }

    /** Where to write. */
    Path path() {
        return hidden;
    }

    /** Moves everything up, {@code last} after all else. */
    synchronized void finish(String last) throws IOException {
        List<Path> content = new ArrayList<>();
        try (Stream<Path> files = Files.list(hidden)) {
            files.filter(file -> !file.endsWith(last)).forEach(content::add);
        }
        content.add(hidden.resolve(last));
        for (Path file : content) {
            Path place = target.resolve(file.getFileName());
            Files.move(file, place);
            moved.add(place);
        }
        Files.delete(hidden);
        finished = true;
    }

    /** Deletes everything unless it was finished. */
    @Override
    public void close() {
        deleteQuietly();
        try {
            Runtime.getRuntime().removeShutdownHook(deletion);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook is what ends it.
        }
    }

    private synchronized void deleteQuietly() {
        for (int attempt = 0; !finished && attempt < DELETIONS; attempt++) {
            try {
                for (Path file : moved) {
                    FileTree.delete(file);
                }
                FileTree.delete(hidden);
                if (created) {
                    Files.deleteIfExists(target);
                }
                return;
            } catch (IOException _) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(MILLISECONDS_BETWEEN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
